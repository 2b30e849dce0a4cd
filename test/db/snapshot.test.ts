import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DirectorySnapshot, type Known, type SnapshotLine } from '../../src/db/snapshot.ts'
import type { DirectoryRows } from '../../src/domain/directory.ts'
import { Unavailable } from '../../src/domain/unavailable.ts'

const none = { centers: [], institutions: [], keys: [], epochs: [] }
const rowsAt = (version: number): DirectoryRows => ({
  version,
  ...none,
  ...{ routes: [], corridors: [], rates: [], switches: [] },
})

/** D1 as the snapshot sees it: it answers, fails, or says nothing. */
function network() {
  const work: Promise<unknown>[] = []
  const lines: SnapshotLine[] = []
  const d1 = {
    at: 1,
    mood: 'answers' as 'answers' | 'fails' | 'silent',
    questions: 0,
    loads: 0,
    known: null as Known | null,
  }
  const say = <T>(value: () => T): Promise<T> => {
    if (d1.mood === 'silent') return new Promise(() => {})
    return d1.mood === 'fails' ? Promise.reject(new Error('D1 is away')) : Promise.resolve(value())
  }
  const snapshot = new DirectorySnapshot({
    version: () => {
      d1.questions += 1
      return say(() => d1.at)
    },
    load: () => {
      d1.loads += 1
      return say(() => rowsAt(d1.at))
    },
    elsewhere: async () => d1.known,
    log: line => lines.push(line),
  })
  const versionAt = async (now: number) =>
    (await snapshot.get(now, promise => work.push(promise))).version
  const settle = () => Promise.all(work.splice(0))
  return { d1, lines, snapshot, versionAt, settle }
}

describe('the snapshot of the directory', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is loaded by the first request and shared for 3 s without a question', async () => {
    const { d1, versionAt } = network()
    expect(await versionAt(0)).toBe(1)
    d1.at = 2
    expect(await versionAt(2_999)).toBe(1)
    expect(d1).toMatchObject({ loads: 1, questions: 0 })
  })

  it('is refreshed behind an answer from 3 s on, by one request only', async () => {
    const { d1, versionAt, settle } = network()
    await versionAt(0)
    d1.at = 2
    expect(await Promise.all([versionAt(3_000), versionAt(3_000)])).toEqual([1, 1])
    await settle()
    expect(d1).toMatchObject({ loads: 2, questions: 1 })
    expect(await versionAt(3_001)).toBe(2)
  })

  it('is asked for at once by whoever found it wanting, and given as it was where D1 is away', async () => {
    const { d1, versionAt, snapshot, lines } = network()
    await versionAt(0)
    d1.at = 2
    const { directory, confirmedAt } = await snapshot.renewed(1_000, () => undefined)
    expect([directory.version, confirmedAt]).toEqual([2, 1_000])
    d1.mood = 'silent'
    const asked = snapshot.renewed(2_000, () => undefined)
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await asked).confirmedAt).toBe(1_000)
    expect(lines).toMatchObject([{ event: 'stale' }])
  })

  it('is only confirmed, not loaded, when the version has not moved', async () => {
    const { d1, versionAt, settle, snapshot } = network()
    await versionAt(0)
    await versionAt(3_000)
    await settle()
    expect(snapshot.confirmedAt).toBe(3_000)
    expect(d1).toMatchObject({ loads: 1, questions: 1 })
  })

  it('is never given older than 5 s while D1 answers, also after a long sleep', async () => {
    const { d1, versionAt } = network()
    await versionAt(0)
    d1.at = 2
    expect(await versionAt(5_000)).toBe(2)
    d1.at = 3
    expect(await versionAt(3_600_000)).toBe(3)
  })

  it('is served stale while D1 fails, with one line when that begins and one when it ends', async () => {
    const { d1, lines, versionAt, settle, snapshot } = network()
    await versionAt(0)
    d1.mood = 'fails'
    for (let now = 3_000; now <= 30_000; now += 500) expect(await versionAt(now)).toBe(1)
    await settle()
    expect(snapshot.confirmedAt).toBe(0)
    d1.mood = 'answers'
    d1.at = 2
    await versionAt(31_000)
    await settle()
    expect(await versionAt(31_001)).toBe(2)
    const outage = { log: 'directory', version: 1, reason: 'D1 is away' }
    expect(lines).toEqual([
      { ...outage, event: 'stale', age: 3_000 },
      { ...outage, event: 'fresh', version: 2, age: 31_000, reason: null },
    ])
  })

  it('makes one request wait a second for a silent D1, and none after it', async () => {
    const { d1, lines, versionAt } = network()
    await versionAt(0)
    d1.mood = 'silent'
    const first = versionAt(5_000)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await first).toBe(1)
    expect(await versionAt(6_000)).toBe(1)
    expect(lines).toMatchObject([{ event: 'stale', reason: 'no answer within 1000 ms' }])
  })

  it('asks first again when it wakes up long after an outage', async () => {
    const { d1, versionAt, settle } = network()
    await versionAt(0)
    d1.mood = 'fails'
    await versionAt(5_000)
    await settle()
    d1.mood = 'answers'
    d1.at = 2
    expect(await versionAt(600_000)).toBe(2)
  })

  it('asks a silent D1 again at most once a second', async () => {
    const { d1, versionAt } = network()
    await versionAt(0)
    d1.mood = 'silent'
    for (let now = 3_000; now < 5_000; now += 100) await versionAt(now)
    expect(d1.questions).toBe(2)
  })

  it('keeps the later answer when an earlier one overtakes it', async () => {
    const answers: ((version: number) => void)[] = []
    let at = 1
    const snapshot = new DirectorySnapshot({
      version: () => new Promise(resolve => answers.push(resolve)),
      load: () => Promise.resolve(rowsAt(at)),
      elsewhere: async () => null,
      log: () => {},
    })
    const work: Promise<unknown>[] = []
    const keep = (promise: Promise<unknown>) => work.push(promise)
    await snapshot.get(0, keep)
    await snapshot.get(3_000, keep)
    await snapshot.get(4_000, keep)
    at = 3
    answers[1]?.(3)
    await work[1]
    at = 2
    answers[0]?.(2)
    await work[0]
    expect((await snapshot.get(4_001, keep)).version).toBe(3)
  })

  it.each([
    ['fails', 0],
    ['is silent for a second', 1_000],
  ])('begins with what a center has where D1 %s, as old as that is', async (what, waitMs) => {
    const { d1, snapshot, lines, versionAt, settle } = network()
    d1.mood = what === 'fails' ? 'fails' : 'silent'
    d1.known = { rows: rowsAt(7), confirmedAt: 60_000 }
    const begun = versionAt(90_000)
    await vi.advanceTimersByTimeAsync(waitMs)
    expect(await begun).toBe(7)
    expect(snapshot.confirmedAt).toBe(60_000)
    expect(lines).toMatchObject([{ event: 'stale', version: 7, age: 30_000 }])
    // Whoever comes next does not wait for D1, and it is asked again behind their backs.
    expect(await versionAt(90_001)).toBe(7)
    d1.mood = 'answers'
    d1.at = 8
    expect(await versionAt(95_001)).toBe(8)
    await settle()
    expect(lines).toMatchObject([{ event: 'stale' }, { event: 'fresh', version: 8 }])
  })

  it('asks nobody else where D1 answers', async () => {
    const { d1, versionAt } = network()
    d1.known = { rows: rowsAt(7), confirmedAt: 60_000 }
    expect(await versionAt(90_000)).toBe(1)
  })

  it('waits for a slow D1 where nobody has anything', async () => {
    let answer = (_rows: DirectoryRows) => {}
    const snapshot = new DirectorySnapshot({
      version: async () => 1,
      load: () => new Promise(resolve => (answer = resolve)),
      elsewhere: () => Promise.reject(new Error('nobody is there')),
      log: () => {},
    })
    const begun = snapshot.get(0, () => undefined)
    await vi.advanceTimersByTimeAsync(4_000)
    answer(rowsAt(5))
    expect((await begun).version).toBe(5)
  })

  it('reports a first load that fails, and is loaded by the next request', async () => {
    const { d1, versionAt } = network()
    d1.mood = 'fails'
    const first = versionAt(0)
    await expect(first).rejects.toThrow('D1 is away')
    await expect(first).rejects.toBeInstanceOf(Unavailable)
    d1.mood = 'answers'
    expect(await versionAt(1)).toBe(1)
  })

  it('gives up a first load that hangs', async () => {
    const { d1, versionAt } = network()
    d1.mood = 'silent'
    const first = expect(versionAt(0)).rejects.toThrow('no answer within')
    await vi.advanceTimersByTimeAsync(5_000)
    await first
  })
})
