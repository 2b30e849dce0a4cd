/** A thread that plays seeds: hooks first, then the gateway, perhaps with a mutation in it. */
import { parentPort, workerData } from 'node:worker_threads'
import type { History } from './history.ts'
import { hook, type Patch } from './hooks.ts'
import type { Story } from './shrink.ts'

export interface Task {
  readonly seed: number
  readonly payments: number
  readonly limits: boolean
  /** Also shrink what fails to a story. */
  readonly tells: boolean
}

export interface Done {
  readonly history: History
  readonly story: Story | null
}

// Most errors here are faults that were meant to happen, and a stack is most of what one costs.
Error.stackTraceLimit = 0
hook(workerData as Patch | null)
const { play } = await import('./play.ts')
const { shrink } = await import('./shrink.ts')

parentPort?.on('message', async ({ tells, ...plan }: Task) => {
  const history = await play(plan)
  const story = tells && history.violations.length > 0 ? await shrink(plan, history) : null
  parentPort?.postMessage({ history, story } satisfies Done)
})
