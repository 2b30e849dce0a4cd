/** The monitor in workerd: what it is told, what its sockets hear, and how it catches up with its lanes. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Monitor, MonitorReport } from '../../durable-objects/monitor.ts'
import { closeCodes } from '../../src/domain/close-codes.ts'
import { directoryOf } from '../../src/domain/directory.ts'
import { laneName, placeOf } from '../../src/domain/payment-id.ts'
import type { SignalBatch } from '../../src/domain/signal.ts'
import { type Digest, digester } from '../../src/domain/window-digest.ts'
import type { CenterEnv } from '../../src/env.ts'
import { type LiveMessage, liveMessageSchema, UNTIL_HEADER } from '../../src/wire/live.ts'
import { committed, Lane } from '../db/lane.ts'
import { terms } from '../domain/terms.ts'
import { centerDatabase, directoryDatabase } from './migrated.ts'

const { MONITOR, LANE } = env as unknown as CenterEnv

interface MonitorPort {
  feed(digests: readonly Digest[]): Promise<void>
  signal(batch: SignalBatch): Promise<void>
  report(): Promise<MonitorReport>
  fetch(url: string, init: RequestInit): Promise<Response>
}
const monitor = (name: string) => MONITOR.getByName(name) as unknown as MonitorPort

const rows = {
  version: 1,
  centers: [],
  institutions: [],
  keys: [],
  epochs: [],
  routes: [],
  corridors: [],
  rates: [],
  switches: [],
}
const digest = digester({ directory: directoryOf(rows), token: text => text })

/** A lane whose payments are made now, one for each call. */
class Till {
  readonly monitor: MonitorPort
  readonly #lane = new Lane()
  #told = 0

  constructor(monitor: MonitorPort) {
    this.monitor = monitor
  }

  async sells(payments = 1) {
    for (let made = 0; made < payments; made += 1) {
      const now = Date.now()
      this.#lane.tell(this.#lane.open(now - 200), committed, now)
    }
    await this.monitor.feed([digest(this.#lane.run(this.#told + 1))])
    this.#told = this.#lane.seq
  }
}

/** A watcher that notes what it hears. */
async function watcher(of: MonitorPort, after?: string, until = Date.now() + 3_600_000) {
  const query = after === undefined ? '' : `?after=${after}`
  const { webSocket } = await of.fetch(`https://monitor/live${query}`, {
    headers: { upgrade: 'websocket', [UNTIL_HEADER]: `${until}` },
  })
  if (webSocket === null || webSocket === undefined) throw new Error('no socket')
  const heard: LiveMessage[] = []
  const waiting = new Set<() => void>()
  const closed: number[] = []
  webSocket.addEventListener('message', ({ data }) => {
    heard.push(liveMessageSchema.parse(JSON.parse(data as string)))
    for (const look of waiting) look()
  })
  webSocket.addEventListener('close', ({ code }) => {
    closed.push(code)
    for (const look of waiting) look()
  })
  webSocket.accept()
  const untilSo = (isThere: () => boolean) =>
    new Promise<void>(resolve => {
      const look = () => {
        if (!isThere()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return { heard, closed, until: untilSo, socket: webSocket }
}

const committedIn = (messages: readonly LiveMessage[]) => {
  const deltas = messages.flatMap(message =>
    message.type === 'catch_up' ? message.deltas : message.type === 'delta' ? [message] : [],
  )
  const all = deltas.flatMap(({ cells }) => cells.filter(({ dimension }) => dimension === 'all'))
  return all.reduce((sum, { committed = 0 }) => sum + committed, 0)
}

beforeAll(async () => {
  await directoryDatabase()
  await centerDatabase()
})

describe('a monitor', { timeout: 60_000 }, () => {
  it('shows a watcher everything, and then what changes', async () => {
    const till = new Till(monitor('shows'))
    await till.sells(3)
    const seen = await watcher(till.monitor)
    await seen.until(() => seen.heard.length > 0)
    expect(seen.heard[0]).toMatchObject({ type: 'snapshot', center: 'hk' })
    await till.sells(2)
    await seen.until(() => committedIn(seen.heard) >= 2)
    const report = await till.monitor.report()
    expect(report.watchers).toBe(1)
    expect(report.pulse).toMatchObject({ lanes: 1, behind: 0 })
    const [snapshot] = seen.heard
    // There may be others before it: of what is found in these sales, or of what waits.
    const delta = seen.heard.find(each => each.type === 'delta' && each.payments.length > 0)
    const minutes = snapshot?.type === 'snapshot' ? snapshot.minutes : []
    const all = minutes.flatMap(({ cells }) => cells.filter(({ dimension }) => dimension === 'all'))
    expect(all.reduce((sum, cell) => sum + cell.committed, 0)).toBe(3)
    expect(delta?.type === 'delta' && delta.payments[0]).toMatchObject({ event: 'committed' })
  })

  it('tells a watcher that comes back what it has missed, and no more', async () => {
    const till = new Till(monitor('returns'))
    const first = await watcher(till.monitor)
    await till.sells()
    await first.until(() => committedIn(first.heard) === 1)
    const last = first.heard.at(-1)
    if (last?.type !== 'delta') throw new Error('no delta')
    first.socket.close()

    const other = await watcher(till.monitor)
    await till.sells(4)
    await other.until(() => committedIn(other.heard) >= 4)
    const back = await watcher(till.monitor, last.cursor)
    await back.until(() => back.heard.length > 0)
    expect(back.heard[0]?.type).toBe('catch_up')
    expect(committedIn(back.heard)).toBe(4)
    const stranger = await watcher(till.monitor, '12345')
    await stranger.until(() => stranger.heard.length > 0)
    expect(stranger.heard[0]?.type).toBe('snapshot')
  })

  it('tells of a storm of alerts to the last, the worst first, and says at once how many there are', async () => {
    const stormy = monitor('storms')
    const seen = await watcher(stormy)
    await seen.until(() => seen.heard.length > 0)
    const member = (name: string, change: object) => ({
      institution: name,
      verified: 40,
      failed: 0,
      skewed: 0,
      skewMs: 0,
      ...change,
    })
    const off = Array.from({ length: 70 }, (_, each) =>
      member(`wallet-${each}`, { skewed: 40, skewMs: 120_000 }),
    )
    const names = Array.from({ length: 5 }, (_, each) => `forged-${each}`)
    // What is usual of them has to be known before anything is unusual.
    const usual = names.map(name => member(name, {}))
    for (let each = 0; each < 30; each += 1) {
      await stormy.signal({ members: usual, refused: [], used: [] })
    }
    const forged = names.map(name => member(name, { verified: 0, failed: 40 }))
    await stormy.signal({ members: [...off, ...forged], refused: [], used: [] })
    const told = () =>
      seen.heard.flatMap(message => (message.type === 'delta' ? (message.alerts ?? []) : []))
    await seen.until(() => new Set(told().map(({ id }) => id)).size === 75)
    const first = seen.heard.find(message => message.type === 'delta' && message.alerts)
    if (first?.type !== 'delta') throw new Error('no news')
    expect(first.calling).toEqual({ critical: 5, warning: 70, notice: 0 })
    expect(first.alerts).toHaveLength(50)
    expect(first.alertsLeft).toBe(25)
    expect(first.alerts?.slice(0, 5).every(({ severity }) => severity === 'critical')).toBe(true)

    const late = await watcher(stormy)
    await late.until(() => late.heard.length > 0)
    const [snapshot] = late.heard
    if (snapshot?.type !== 'snapshot') throw new Error('no snapshot')
    expect(snapshot.alerts).toHaveLength(50)
    expect(snapshot.alerts[0]?.severity).toBe('critical')
    expect(snapshot.alertsCut).toBe(25)
    expect(snapshot.calling).toEqual({ critical: 5, warning: 70, notice: 0 })
  })

  it('drops a watcher that says nonsense', async () => {
    const garbled = await watcher(monitor('drops'))
    garbled.socket.send('hello')
    await garbled.until(() => garbled.closed.length > 0)
    expect(garbled.closed).toEqual([closeCodes.garbled])
  })

  it('lets a watcher go whose right to watch has ended', async () => {
    const till = new Till(monitor('ends'))
    const over = await watcher(till.monitor, undefined, Date.now() - 1)
    const stays = await watcher(till.monitor)
    await till.sells(1)
    await over.until(() => over.closed.length > 0)
    expect(over.closed).toEqual([closeCodes.over])
    await stays.until(() => committedIn(stays.heard) > 0)
  })

  it('remembers after a restart what it was told before, and its watchers stay', async () => {
    const till = new Till(monitor('sleeps'))
    const seen = await watcher(till.monitor)
    await till.sells(5)
    await seen.until(() => committedIn(seen.heard) === 5)
    const stub = MONITOR.getByName('sleeps')
    await runInDurableObject<Monitor, void>(stub as never, instance => instance.alarm())
    await evictDurableObject(stub)
    expect(await till.monitor.report()).toMatchObject({ pulse: { lanes: 1 }, watchers: 1 })
    await till.sells(2)
    await seen.until(() => committedIn(seen.heard) === 7)
  })

  it('asks a lane for what it has missed', async () => {
    const id = terms.paymentId
    const name = laneName(placeOf(id)!)
    const lane = LANE.getByName(name) as unknown as {
      submit(id: string, message: object, known?: object): Promise<unknown>
    }
    const now = Date.now()
    const fresh = { ...terms, requestedAt: now, expiresAt: now + 300_000 }
    const hold = { reference: 'h', key: 'k' }
    const known = { from: 0, until: null, confirmedAt: now }
    await lane.submit(id, { kind: 'open', terms: fresh, bodyHash: '00', hold }, known)
    await lane.submit(id, { kind: 'answer', verdict: { said: 'refused', code: 'DECLINED' } })
    // Another lane's word that this one has come further than was heard of.
    const watched = MONITOR.getByName('asks')
    const stub = watched as unknown as MonitorPort
    await stub.feed([{ lane: name, from: 3, to: 3, payments: [], sightings: [] }])
    const opened = async () => {
      const { lastMinute } = await stub.report()
      return lastMinute.find(([dimension]) => dimension === 'all')?.[2].slice(0, 3)
    }
    await expect.poll(opened, { timeout: 30_000, interval: 200 }).toEqual([1, 0, 1])
    expect((await stub.report()).pulse.behind).toBe(0)
  })
})
