import { describe, expect, it } from 'vitest'
import type { Wanted } from '../../durable-objects/allowances.ts'
import { type Counted, Year, type YearPorts } from '../../durable-objects/year.ts'
import { laneName, type PaymentPlace, paymentId } from '../../src/domain/payment-id.ts'
import { memorySql } from './sqlite.ts'

const T0 = Date.UTC(2026, 9, 1)
const place = { center: 1, institution: 101, epoch: 1, lane: 0 }
const idOf = (n: number, lane = 0) => paymentId({ ...place, lane }, new Uint8Array(32).fill(n))

interface Stage {
  readonly year: Year
  now: number
  alarm: number | null
  /** What lanes say, by payment; a lane that is not to be reached throws. */
  lane(place: PaymentPlace, payments: readonly string[]): readonly (Counted | null)[]
  /** The next commit of so many fails. */
  full: number
  readonly failed: string[]
}

function stage(name = '2026'): Stage {
  const sql = memorySql()
  const ports: YearPorts = {
    now: () => of.now,
    // Nobody waits here: what gathers goes on at once, and no lane is late.
    pause: (_, signal) => (signal === undefined ? Promise.resolve() : new Promise(() => null)),
    counted: async (where, payments) => of.lane(where, payments),
    arm: at => {
      of.alarm = Math.min(of.alarm ?? at, at)
    },
    failed: what => of.failed.push(what),
  }
  const failing = {
    rows: sql.rows,
    transaction: <T>(work: () => T): T =>
      sql.transaction(() => {
        const value = work()
        if (of.full > 0) {
          of.full -= 1
          throw new Error('disk full')
        }
        return value
      }),
  }
  const of: Stage = {
    year: undefined as unknown as Year,
    now: T0,
    alarm: null,
    lane: (_, payments) => payments.map(() => null),
    full: 0,
    failed: [],
  }
  return Object.assign(of, { year: new Year(name, failing, ports) })
}

const wanted = (payment: string, minor: bigint, more: Partial<Wanted> = {}): Wanted => ({
  ...{ payment, person: 'a7', pool: '*>CN', minor, cap: 100n, askAt: T0 + 1_000 },
  ...more,
})

const counts = (minor: bigint, year = '2026'): Counted => ({
  ...{ token: 'a7', pool: '*>CN', minor, year },
})

const refused = { refusal: { code: 'LIMIT_PERSON' } }
const wake = (of: Stage, at: number) => {
  of.now = at
  of.alarm = null
  return of.year.wake()
}

describe('a year of some persons', () => {
  it('is woken for what it took although the commit before it failed', async () => {
    const of = stage()
    of.full = 1
    await expect(of.year.take(wanted(idOf(1), 60n))).rejects.toThrow('disk full')
    expect(of.alarm).toBeNull()
    await of.year.take(wanted(idOf(1), 60n))
    expect(of.alarm).toBe(T0 + 1_000)
  })

  it('asks each lane about its own payments, and believes what it says', async () => {
    const of = stage()
    await of.year.take(wanted(idOf(1), 60n))
    await of.year.take(wanted(idOf(2, 1), 40n))
    const asked: string[] = []
    of.lane = (where, payments) => {
      asked.push(laneName(where))
      return payments.map(id => (id === idOf(1) ? counts(60n) : null))
    }
    await wake(of, T0 + 1_000)
    expect(asked).toEqual(['101:1:0', '101:1:1'])
    expect(await of.year.take(wanted(idOf(3), 41n))).toMatchObject(refused)
    expect(await of.year.take(wanted(idOf(3), 40n))).toMatchObject({ ok: true })
  })

  it('gives back what counts in another year', async () => {
    const of = stage()
    await of.year.take(wanted(idOf(1), 100n))
    of.lane = () => [counts(100n, '2027')]
    await wake(of, T0 + 1_000)
    expect(await of.year.take(wanted(idOf(2), 100n))).toMatchObject({ ok: true })
  })

  it('keeps as spent what a lane cannot be asked about, and asks again a minute later', async () => {
    const of = stage()
    await of.year.take(wanted(idOf(1), 60n))
    of.lane = () => {
      throw new Error('away')
    }
    await wake(of, T0 + 1_000)
    expect(of.failed).toEqual(['asking a lane'])
    expect(of.alarm).toBe(T0 + 61_000)
    expect(await of.year.take(wanted(idOf(2), 41n))).toMatchObject(refused)
  })

  it('never asks about a later claim before its own instant, whatever became of an earlier one', async () => {
    const of = stage()
    const answer = of.lane
    await of.year.take(wanted(idOf(1), 60n))
    await of.year.take(wanted(idOf(1), 60n, { askAt: T0 + 300_000 }))
    of.lane = () => {
      throw new Error('away')
    }
    await wake(of, T0 + 1_000)
    of.lane = answer
    await wake(of, T0 + 61_000)
    // Its lane knows nothing of it yet, and may still open it by the second claim.
    expect(await of.year.take(wanted(idOf(2), 41n))).toMatchObject(refused)
    await wake(of, T0 + 300_000)
    expect(await of.year.take(wanted(idOf(2), 100n))).toMatchObject({ ok: true })
  })

  it('follows up again where what a lane said could not be written', async () => {
    const of = stage()
    await of.year.take(wanted(idOf(1), 60n))
    of.full = 1
    await wake(of, T0 + 1_000)
    expect(of.alarm).toBe(T0 + 61_000)
    of.full = 2
    await expect(wake(of, T0 + 61_000)).rejects.toThrow('disk full')
    await wake(of, T0 + 63_000)
    expect(await of.year.take(wanted(idOf(2), 100n))).toMatchObject({ ok: true })
  })

  it('forgets all of it sixty days after its end, and rests then', async () => {
    const of = stage('2020')
    await of.year.take(wanted(idOf(1), 100n))
    expect(of.alarm).toBe(Date.UTC(2021, 0, 1) + 60 * 86_400_000)
    await wake(of, T0)
    expect(of.alarm).toBeNull()
    expect(await of.year.take(wanted(idOf(2), 100n))).toMatchObject({ ok: true })
    expect(of.alarm).not.toBeNull()
  })
})
