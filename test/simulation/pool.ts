/** Spreads seeds over threads. Which thread plays a seed changes nothing about it. */
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Patch } from './hooks.ts'
import type { Done, Task } from './worker.ts'

export interface Work {
  readonly seeds: Iterable<number>
  readonly payments: number
  /** The worlds in which members have limits. */
  readonly limits?: boolean
  readonly threads: number
  readonly patch?: Patch
  /** Shrinks the first seed that fails to a story. */
  readonly tells?: boolean
  /** Hears of each seed; false for enough. */
  readonly heard: (done: Done) => boolean
}

export async function playAll(work: Work): Promise<void> {
  const seeds = work.seeds[Symbol.iterator]()
  let goesOn = true
  const thread = async () => {
    const worker = new Worker(fileURLToPath(new URL('./worker.ts', import.meta.url).href), {
      workerData: work.patch ?? null,
    })
    try {
      while (goesOn) {
        const next = seeds.next()
        if (next.done === true) return
        const { payments, limits = false, tells = false } = work
        const done = await ask(worker, { seed: next.value, payments, limits, tells })
        if (!work.heard(done)) goesOn = false
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: work.threads }, thread))
}

function ask(worker: Worker, task: Task): Promise<Done> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (done: Done) => {
      worker.off('error', reject)
      resolve(done)
    })
    worker.postMessage(task)
  })
}
