import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Center } from '../../src/domain/directory.ts'
import { CLOCK_SKEW_MS, EPOCH_NOTICE_MS, SURE_MS } from '../../src/domain/epoch.ts'
import { PROBE_PACE_MS, PROBE_TIMEOUT_MS, Vigil, type Word } from '../../src/domain/vigil.ts'

const T0 = 1_000_000
const WRITE_MS = 1_000
const center = (id: string, number: number, more: Partial<Center> = {}): Center => ({
  ...{ id, number, locationHint: 'apac' },
  ...more,
})
const three = [center('hk', 1), center('sg', 2), center('fra', 3)]

/** One write to the directory: who of the centers has no lanes any more from some instant on. */
interface Write {
  readonly at: number
  readonly center: string
  readonly from: number
  readonly status: Status
}

type Status = NonNullable<Center['status']>

interface Machine {
  readonly id: string
  readonly skew: number
  vigil: Vigil
  version: number
}

/** Centers in virtual time: links, the directory and machines fail as the test says. */
class Sky {
  now = T0
  readonly machines: Machine[]
  readonly writes: Write[] = []
  /** `hk>sg`: what hk says does not reach sg. */
  readonly cut = new Set<string>()
  readonly dead = new Set<string>()
  /** Who does not reach the directory. */
  readonly blind = new Set<string>()
  latencyMs = 20
  #rows: readonly Center[]
  readonly #history: (readonly Center[])[] = []
  readonly #events: { at: number; work: () => void }[] = []

  constructor(centers: readonly Center[] = three, skews: readonly number[] = []) {
    this.#rows = centers
    this.#history.push(centers)
    this.machines = centers.map(({ id }, index) => {
      const skew = skews[index] ?? 0
      return { id, skew, vigil: new Vigil(id, T0 + skew - 60_000), version: 0 }
    })
    // Nobody begins at the same moment.
    for (const [index, machine] of this.machines.entries()) {
      this.after(37 + index * 131, () => this.#tick(machine))
    }
  }

  get centers() {
    return this.#rows
  }
  machine = (id: string): Machine => this.machines.find(each => each.id === id)!
  clock = ({ skew }: Machine): number => this.now + skew
  /** The directory as a center has it. */
  seenBy = ({ version }: Machine): readonly Center[] => this.#history[version]!

  after(ms: number, work: () => void) {
    const at = this.now + ms
    const later = this.#events.findLastIndex(event => event.at <= at) + 1
    this.#events.splice(later, 0, { at, work })
  }

  run(ms: number) {
    const end = this.now + ms
    for (;;) {
      const next = this.#events[0]
      if (next === undefined || next.at > end) break
      this.#events.shift()
      this.now = Math.max(this.now, next.at)
      next.work()
    }
    this.now = end
  }

  restart(machine: Machine) {
    machine.vigil = new Vigil(machine.id, this.clock(machine))
    machine.version = 0
  }

  /** What an operator does to a center: it is told first that somebody is about to write. */
  move(id: string, status: Status) {
    for (const machine of this.machines) {
      if (!this.dead.has(machine.id)) machine.vigil.held(this.clock(machine) + WRITE_MS)
    }
    this.#write(id, status, this.now + EPOCH_NOTICE_MS)
  }

  #write(id: string, status: Status, from: number) {
    this.#rows = this.#rows.map(each =>
      each.id === id ? { ...each, status, statusSince: this.now } : each,
    )
    this.#history.push(this.#rows)
    this.writes.push({ at: this.now, center: id, from, status })
  }

  #tick(machine: Machine) {
    this.after(PROBE_PACE_MS, () => this.#tick(machine))
    if (this.dead.has(machine.id)) return
    const { vigil } = machine
    if (!this.blind.has(machine.id)) {
      machine.version = this.#history.length - 1
      vigil.confirmed(machine.version, this.clock(machine))
    }
    for (const { id } of this.seenBy(machine)) if (id !== machine.id) this.#probe(machine, id)
    const centers = this.seenBy(machine)
    vigil.vote(centers, this.clock(machine))
    for (const { center: id, until } of vigil.lost(centers, this.clock(machine))) {
      if (this.blind.has(machine.id)) continue
      // It takes its time from the reading to the writing; the database refuses what comes too late.
      this.after(this.latencyMs * 4, () => {
        const isDone = this.#rows.find(each => each.id === id)?.status === 'down'
        if (!isDone && this.now <= until) this.#write(id, 'down', this.now + EPOCH_NOTICE_MS)
      })
    }
  }

  #probe(machine: Machine, id: string) {
    const { vigil } = machine
    const sentAt = this.clock(machine)
    const word = vigil.wordTo(id, sentAt)
    let answered = false
    this.after(PROBE_TIMEOUT_MS, () => {
      if (!answered && machine.vigil === vigil && !this.dead.has(machine.id)) {
        vigil.missed(id, this.clock(machine))
      }
    })
    this.after(this.latencyMs, () => {
      const other = this.machine(id)
      if (this.dead.has(id) || this.cut.has(`${machine.id}>${id}`)) return
      other.vigil.heard(word, this.clock(other))
      const answer = other.vigil.wordTo(machine.id, this.clock(other))
      this.after(this.latencyMs, () => {
        const isGone = this.dead.has(machine.id) || machine.vigil !== vigil
        if (isGone || this.cut.has(`${id}>${machine.id}`)) return
        if (this.clock(machine) - sentAt > PROBE_TIMEOUT_MS) return
        answered = true
        vigil.heard(answer, this.clock(machine))
        vigil.good(id, sentAt, this.clock(machine))
      })
    })
  }

  /** What lanes of a center may still open, if it is more than is right; null where all is right. */
  check(): string | null {
    for (const machine of this.machines) {
      if (this.dead.has(machine.id)) continue
      const covered = machine.vigil.covered(this.seenBy(machine), this.clock(machine))
      const sureUntil = covered + SURE_MS
      const unseen = this.writes.slice(machine.version).filter(write => write.center === machine.id)
      for (const { at, from } of unseen) {
        if (sureUntil > from + CLOCK_SKEW_MS) {
          return `${machine.id} is sure until ${sureUntil - from} ms after an epoch written ${this.now - at} ms ago`
        }
      }
    }
    return null
  }

  cutOff(id: string) {
    for (const other of this.machines) {
      this.cut.add(`${id}>${other.id}`)
      this.cut.add(`${other.id}>${id}`)
    }
  }
}

const lostAt = (sky: Sky, id: string) => sky.writes.find(write => write.center === id)?.at

describe('a center that is gone', () => {
  let sky: Sky
  beforeEach(() => {
    sky = new Sky()
    sky.run(20_000)
    expect(sky.writes).toEqual([])
  })

  it('is moved once, four seconds later', () => {
    const at = sky.now
    sky.dead.add('hk')
    sky.run(20_000)
    expect(sky.writes).toHaveLength(1)
    const took = lostAt(sky, 'hk')! - at
    expect(took).toBeGreaterThanOrEqual(2_500)
    expect(took).toBeLessThanOrEqual(4_100)
  })

  it('for two seconds only stays', () => {
    sky.dead.add('hk')
    sky.run(2_000)
    sky.dead.delete('hk')
    sky.run(20_000)
    expect(sky.writes).toEqual([])
  })

  it('to one other only stays', () => {
    sky.cut.add('hk>sg').add('sg>hk')
    sky.run(60_000)
    expect(sky.writes).toEqual([])
  })

  it('that cannot be heard is gone, though it hears', () => {
    sky.cut.add('hk>sg').add('hk>fra')
    sky.run(20_000)
    expect(lostAt(sky, 'hk')).toBeDefined()
  })

  it('that is pinned stays, unless an operator says otherwise', () => {
    const pinned = new Sky([center('hk', 1, { pinned: true }), three[1]!, three[2]!])
    pinned.run(10_000)
    pinned.dead.add('hk')
    pinned.run(20_000)
    expect(pinned.writes).toEqual([])
    for (const id of ['sg', 'fra']) pinned.machine(id).vigil.ordered('hk', pinned.now)
    pinned.run(5_000)
    expect(lostAt(pinned, 'hk')).toBeDefined()
  })

  it('beside a second one leaves the last one to an operator', () => {
    sky.dead.add('hk').add('sg')
    sky.run(60_000)
    expect(sky.writes).toEqual([])
  })

  it('after a second one was given up is moved by the last one', () => {
    sky.dead.add('hk')
    sky.run(20_000)
    sky.dead.add('sg')
    sky.run(20_000)
    expect(sky.writes.map(write => write.center)).toEqual(['hk', 'sg'])
  })

  it('by order goes within four seconds, although it is well', () => {
    for (const id of ['sg', 'fra']) sky.machine(id).vigil.ordered('hk', sky.now)
    sky.run(4_000)
    expect(lostAt(sky, 'hk')).toBeDefined()
  })
})

describe('a center that no edge reaches', () => {
  const complain = (sky: Sky, edges: readonly string[], misses = 10) => {
    for (const edge of edges) {
      for (const id of ['sg', 'fra']) {
        const { vigil } = sky.machine(id)
        vigil.complained({ edge, center: 'hk', misses }, sky.now)
      }
    }
  }

  it.each([
    ['is moved when two edges say so for three seconds', ['e1', 'e2'], 10, true],
    ['stays when one edge says so', ['e1'], 10, false],
    ['stays while hardly a call has failed', ['e1', 'e2'], 4, false],
  ] as const)('%s', (_, edges, misses, isMoved) => {
    const sky = new Sky()
    sky.run(20_000)
    for (let n = 0; n < 20; n += 1) {
      complain(sky, edges, misses)
      sky.run(500)
    }
    expect(lostAt(sky, 'hk') !== undefined).toBe(isMoved)
  })

  it('stays when the edges reach it again', () => {
    const sky = new Sky()
    sky.run(20_000)
    for (let n = 0; n < 20; n += 1) {
      complain(sky, ['e1', 'e2'], n % 5 === 4 ? 0 : 10)
      sky.run(500)
    }
    expect(sky.writes).toEqual([])
  })
})

describe('a center that is back', () => {
  const returnedAt = (sky: Sky): number => {
    for (let ms = 0; ms < 600_000; ms += 1_000) {
      const someone = sky.machine('sg')
      if (someone.vigil.returned(sky.seenBy(someone), sky.now).length > 0) return ms
      sky.run(1_000)
    }
    return Number.POSITIVE_INFINITY
  }

  it('gets its lanes after five minutes, when a majority has found it well for some time', () => {
    const sky = new Sky()
    sky.run(20_000)
    sky.dead.add('hk')
    sky.run(10_000)
    sky.dead.delete('hk')
    expect(returnedAt(sky)).toBeGreaterThan(280_000)
    expect(returnedAt(sky)).toBeLessThan(310_000)
  })

  it('and away again within that time waits until it is well', () => {
    const sky = new Sky()
    sky.run(20_000)
    sky.dead.add('hk')
    sky.run(310_000)
    expect(sky.machine('sg').vigil.returned(sky.centers, sky.now)).toEqual([])
    sky.dead.delete('hk')
    expect(returnedAt(sky)).toBeGreaterThanOrEqual(14_000)
  })

  it('stays without them while it is pinned, or drained by an operator', () => {
    const vigil = new Vigil('sg', T0)
    for (let n = 0; n < 60; n += 1) vigil.good('hk', T0 + n * 500, T0 + n * 500)
    const down = { ...three[0]!, status: 'down' as const, statusSince: 0 }
    const now = T0 + 400_000
    const others = [three[1]!]
    expect(vigil.returned([down, ...others], now)).toEqual(['hk'])
    expect(vigil.returned([{ ...down, pinned: true }, ...others], now)).toEqual([])
    expect(vigil.returned([{ ...down, status: 'draining' }, ...others], now)).toEqual([])
  })
})

describe('while the directory is away', () => {
  const ageOf = (sky: Sky, id: string) => {
    const machine = sky.machine(id)
    return sky.clock(machine) - machine.vigil.covered(sky.seenBy(machine), sky.clock(machine))
  }

  it('for all, every center stays sure of its lanes', () => {
    const sky = new Sky()
    sky.run(20_000)
    for (const { id } of three) sky.blind.add(id)
    for (let n = 0; n < 120; n += 1) {
      sky.run(1_000)
      for (const { id } of three) expect(ageOf(sky, id)).toBeLessThan(2_000)
    }
  })

  it('for one, that one learns from the others', () => {
    const sky = new Sky()
    sky.run(20_000)
    sky.blind.add('hk')
    sky.run(60_000)
    expect(ageOf(sky, 'hk')).toBeLessThan(2_000)
  })

  it('for one that nobody else reaches, that one is sure of nothing new', () => {
    const sky = new Sky()
    sky.run(20_000)
    sky.blind.add('hk')
    sky.cutOff('hk')
    sky.run(20_000)
    expect(ageOf(sky, 'hk')).toBeGreaterThan(15_000)
    expect(lostAt(sky, 'hk')).toBeDefined()
    expect(sky.check()).toBeNull()
  })
})

describe('a center whose time was granted', () => {
  /** hk and fra hear nothing of the directory, nor of sg, which sees it; sg hears what they say. */
  function deafened(): Sky {
    const sky = new Sky()
    sky.run(20_000)
    sky.blind.add('hk').add('fra')
    sky.cut.add('sg>hk').add('sg>fra')
    sky.run(8_000)
    expect(sky.writes).toEqual([])
    return sky
  }
  const order = (sky: Sky) => {
    for (const { vigil } of sky.machines) vigil.ordered('hk', sky.now)
  }
  const runs = (sky: Sky, ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      sky.run(100)
      expect(sky.check()).toBeNull()
    }
  }

  it('is not moved before that has ended, not even by order', () => {
    const sky = deafened()
    const at = sky.now
    order(sky)
    runs(sky, 15_000)
    expect(lostAt(sky, 'hk')! - at).toBeGreaterThan(9_000)
  })

  it('is not sure by a promise that was broken in between', () => {
    const sky = deafened()
    order(sky)
    runs(sky, 15_000)
    expect(lostAt(sky, 'hk')).toBeDefined()
    // fra grants time again, to lanes that are not hk's any more.
    runs(sky, 60_000)
  })

  it('is not moved by one that has forgotten what it granted', () => {
    const sky = deafened()
    sky.restart(sky.machine('fra'))
    order(sky)
    runs(sky, 15_000)
    expect(lostAt(sky, 'hk')).toBeDefined()
  })
})

describe('a promise of time', () => {
  const word = (at: number, grantUntil: number | null): Word => ({
    ...{ from: 'fra', at, grantUntil, version: 1, confirmedAt: T0 },
    ...{ votes: {}, well: [] },
  })

  it('is not made while a vote against its center counts, though that is well again', () => {
    const vigil = new Vigil('sg', T0 - 60_000)
    vigil.confirmed(1, T0)
    vigil.good('hk', T0, T0)
    for (let n = 1; n <= 8; n += 1) vigil.missed('hk', T0 + n * PROBE_PACE_MS)
    const now = T0 + 8 * PROBE_PACE_MS
    vigil.vote(three, now)
    const until = vigil.wordTo('fra', now).votes.hk ?? 0
    expect(until).toBeGreaterThan(now)
    vigil.good('hk', now, now)
    expect(vigil.wordTo('hk', until).grantUntil).toBeNull()
    expect(vigil.wordTo('hk', until + CLOCK_SKEW_MS).grantUntil).not.toBeNull()
  })

  it('says nothing of what was before it, where there is a gap', () => {
    const vigil = new Vigil('hk', T0 - 60_000)
    vigil.heard(word(T0 - 1_000, T0 + 500), T0 - 1_000)
    vigil.confirmed(1, T0)
    for (let at = T0; at < T0 + 3_000; at += PROBE_PACE_MS) vigil.heard(word(at, at + 1_000), at)
    const sure = vigil.covered(three, T0 + 3_000)
    expect(sure).toBeGreaterThan(T0 + 2_000)
    // What the others did meanwhile nobody here knows.
    const again = T0 + 10_000
    vigil.heard(word(again, again + 1_000), again)
    expect(vigil.covered(three, again + 600)).toBeLessThan(T0 + 4_000)
    vigil.confirmed(1, again + 600)
    expect(vigil.covered(three, again + 600)).toBe(again + 600)
  })

  it('counts for nothing while somebody writes, until the directory was seen', () => {
    const vigil = new Vigil('hk', T0 - 60_000)
    vigil.heard(word(T0 - 1_000, T0 + 20_000), T0 - 1_000)
    vigil.confirmed(1, T0)
    vigil.held(T0 + 2_000)
    expect(vigil.covered(three, T0 + 10_000)).toBe(T0)
    vigil.confirmed(1, T0 + 2_000)
    expect(vigil.covered(three, T0 + 10_000)).toBe(T0 + 10_000)
  })
})

describe('whatever fails and comes back', () => {
  const four = [...three, center('syd', 4)]
  const ids = four.map(({ id }) => id)
  const pairs = ids.flatMap(one => ids.filter(id => id !== one).map(other => `${one}>${other}`))
  const step = fc.oneof(
    fc.record({
      kind: fc.constantFrom('cut' as const, 'heal' as const),
      subject: fc.constantFrom(...pairs),
    }),
    fc.record({
      kind: fc.constantFrom(
        'kill',
        'revive',
        'blind',
        'see',
        'drain',
        'restart',
        'isolate',
        'join',
      ),
      subject: fc.constantFrom(...ids),
    }),
    fc.record({ kind: fc.constant('only'), subject: fc.constantFrom(...ids) }),
    fc.record({ kind: fc.constant('slow'), subject: fc.constantFrom('5', '100', '450') }),
  )
  const plans = fc.array(fc.tuple(step, fc.integer({ min: 100, max: 12_000 })), {
    minLength: 4,
    maxLength: 25,
  })
  const skews = fc.array(fc.integer({ min: -CLOCK_SKEW_MS / 2, max: CLOCK_SKEW_MS / 2 }), {
    minLength: 4,
    maxLength: 4,
  })

  function act(sky: Sky, kind: string, subject: string) {
    const known = sky.machines.find(({ id }) => id === subject)
    if (kind === 'cut') sky.cut.add(subject)
    if (kind === 'heal') sky.cut.delete(subject)
    if (kind === 'slow') sky.latencyMs = Number(subject)
    if (known === undefined) return
    if (kind === 'isolate') sky.cutOff(subject)
    // It is heard, and hears nobody.
    if (kind === 'deaf') {
      for (const { id } of sky.machines) sky.cut.add(`${id}>${subject}`)
      sky.blind.add(subject)
    }
    if (kind === 'join') for (const each of pairs) if (each.includes(subject)) sky.cut.delete(each)
    if (kind === 'kill') sky.dead.add(subject)
    if (kind === 'revive' && sky.dead.delete(subject)) sky.restart(known)
    if (kind === 'restart') sky.restart(known)
    if (kind === 'blind') sky.blind.add(subject)
    if (kind === 'see') sky.blind.delete(subject)
    if (kind === 'drain') sky.move(subject, 'draining')
    if (kind === 'up') sky.move(subject, 'up')
    if (kind === 'order') {
      for (const machine of sky.machines) machine.vigil.ordered(subject, sky.clock(machine))
    }
    // The directory is away for all but one.
    if (kind === 'only') {
      for (const id of ids) sky.blind.add(id)
      sky.blind.delete(subject)
    }
  }

  it.each([
    ['three', three, 100],
    ['four', four, 50],
  ] as const)(
    'no lane of %s centers is sure of a request that belongs to an epoch it has not seen',
    (_, centers, numRuns) => {
      fc.assert(
        fc.property(skews, plans, (clocks, plan) => {
          const sky = new Sky(centers, clocks)
          sky.run(15_000)
          for (const [{ kind, subject }, ms] of plan) {
            act(sky, kind, subject)
            for (let passed = 0; passed < ms; passed += 250) {
              sky.run(Math.min(250, ms - passed))
              expect(sky.check()).toBeNull()
            }
          }
        }),
        { numRuns },
      )
    },
    60_000,
  )
})
