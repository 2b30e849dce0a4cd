/** An audience: a process of its own full of watchers of one center's monitor. */
import { fork } from 'node:child_process'
import { type Heard, Watcher } from './watcher.ts'

export interface AudienceReport {
  /** Those whose sockets are still open. */
  readonly alive: number
  readonly messages: number
  readonly bytes: number
  /** Milliseconds from the end of a monitor's second to its message in a watcher's hands: the middle, and of a hundred the slowest. */
  readonly lateP50: number
  readonly lateP99: number
}

export interface Audience {
  readonly pid: number
  /** Takes their seats: each has had its snapshot. */
  come(count: number): Promise<void>
  /** What was heard since they came, or since the last time. */
  report(): Promise<AudienceReport>
  leave(): Promise<void>
  stop(): void
}

type Order = { readonly come: number } | { readonly say: 'report' | 'leave' }

export async function startAudience(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Audience> {
  const child = fork(import.meta.filename, [`${port}`, path, JSON.stringify(headers)])
  const order = (order: Order) =>
    new Promise<unknown>((resolve, reject) => {
      child.once('message', answer => {
        const { failed } = answer as { failed?: string }
        if (failed === undefined) resolve(answer)
        else reject(new Error(failed))
      })
      child.send(order)
    })
  await new Promise(done => child.once('message', done))
  return {
    pid: child.pid ?? 0,
    come: async count => void (await order({ come: count })),
    report: async () => (await order({ say: 'report' })) as AudienceReport,
    leave: async () => void (await order({ say: 'leave' })),
    stop: () => child.kill(),
  }
}

/** So many knock at a time; the rest wait for a seat. */
const AT_ONCE = 50

async function serve(port: number, path: string, headers: Record<string, string>) {
  const fresh = (): Heard => ({ messages: 0, bytes: 0, late: [] })
  const heard = fresh()
  const reset = () => {
    const { messages, bytes, late } = heard
    Object.assign(heard, { messages: 0, bytes: 0 })
    return { messages, bytes, late: late.splice(0).sort((one, other) => one - other) }
  }
  let watchers: Watcher[] = []

  const obey = async (order: Order): Promise<object> => {
    if ('come' in order) {
      while (watchers.length < order.come) {
        const few = Array.from(
          { length: Math.min(AT_ONCE, order.come - watchers.length) },
          () => new Watcher(port, path, headers, heard),
        )
        await Promise.all(few.map(({ ready }) => ready))
        watchers.push(...few)
      }
      reset()
      return {}
    }
    if (order.say === 'leave') {
      for (const watcher of watchers) watcher.close()
      watchers = []
      return {}
    }
    const { messages, bytes, late } = reset()
    const quantile = (share: number) => late[Math.floor((late.length - 1) * share)] ?? 0
    const alive = watchers.filter(({ isAlive }) => isAlive).length
    return { alive, messages, bytes, lateP50: quantile(0.5), lateP99: quantile(0.99) }
  }
  process.on('message', (order: Order) => {
    obey(order).then(
      answer => process.send?.(answer),
      (error: unknown) => process.send?.({ failed: String(error) }),
    )
  })
  process.send?.({})
}

if (process.argv[1] === import.meta.filename) {
  const [, , port, path = '', headers = '{}'] = process.argv
  await serve(Number(port), path, JSON.parse(headers))
}
