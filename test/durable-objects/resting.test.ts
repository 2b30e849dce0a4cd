import { describe, expect, it } from 'vitest'
import { Loans } from '../../durable-objects/loans.ts'
import { Resting } from '../../durable-objects/resting.ts'
import { RESTED } from '../../src/domain/lending.ts'
import { lent, NO_LOAN } from '../../src/domain/share.ts'
import { memorySql } from './sqlite.ts'

const OWED = 'wallet-th * net_debit -'
const HOUR = 3_600_000
const spent = {
  ...NO_LOAN,
  granted: 70n,
  returned: 20n,
  used: 50n,
  expiresAt: 30_000,
  heardAt: 29_000,
}

/** A lender's books with so many lanes that have spent all they were lent. */
function world(lanes: number) {
  const sql = memorySql()
  const loans = new Loans(sql)
  loans.transaction(() => {
    for (let n = 0; n < lanes; n += 1) loans.lend(OWED, `1:${n}:0`, spent)
  })
  const out = (of = loans) => [...of.of(OWED).values()].reduce((sum, loan) => sum + lent(loan), 0n)
  return { sql, loans, resting: new Resting(loans), out }
}

describe('lanes that have spent all and are silent', () => {
  it('are one row together, and count as much as before, on disk, too', () => {
    const { sql, loans, resting, out } = world(150)
    resting.look(HOUR)
    expect([...loans.of(OWED).keys()]).toEqual([RESTED])
    expect([...loans.lanes()]).toEqual([])
    expect(out()).toBe(7_500n)
    const anew = new Loans(sql)
    expect([...anew.of(OWED).keys()]).toEqual([RESTED])
    expect(out(anew)).toBe(7_500n)
  })

  it('are put to rest a few at a time, and all of them in the end', () => {
    const { loans, resting } = world(450)
    const left = [0, 1, 2].map(n => {
      resting.look(HOUR + n * 60_000)
      return [...loans.lanes()].length
    })
    expect(left).toEqual([250, 50, 0])
  })

  it('are looked for once a minute', () => {
    const { loans, resting } = world(0)
    resting.look(HOUR)
    loans.transaction(() => loans.lend(OWED, '1:1:0', spent))
    resting.look(HOUR + 59_999)
    expect([...loans.lanes()]).toHaveLength(1)
    resting.look(HOUR + 60_000)
    expect([...loans.lanes()]).toHaveLength(0)
  })

  it.each([
    ['its share has ended just now', { expiresAt: HOUR - 600_000 }],
    ['it was heard of just now', { heardAt: HOUR - 600_000 }],
    ['it holds something', { used: 49n }],
  ])('are not those of which one can say: %s', (_, change) => {
    const { loans, resting } = world(0)
    loans.transaction(() => loans.lend(OWED, '1:1:0', { ...spent, ...change }))
    resting.look(HOUR)
    expect([...loans.lanes()]).toHaveLength(1)
  })

  it('are known one by one, and stand by themselves again once they speak', () => {
    const { sql, loans, resting, out } = world(3)
    resting.look(HOUR)
    expect(loans.knows(OWED, '1:1:0')).toBe(true)
    expect(loans.knows(OWED, '1:3:0')).toBe(false)
    expect(loans.loan(OWED, '1:1:0')).toEqual(spent)
    const back = { ...spent, returned: 40n, used: 30n }
    // Told twice, it comes back once.
    for (let n = 0; n < 2; n += 1) loans.transaction(() => loans.lend(OWED, '1:1:0', back))
    expect(out()).toBe(130n)
    resting.look(2 * HOUR)
    expect(out()).toBe(130n)
    const anew = new Loans(sql)
    expect(anew.loan(OWED, '1:1:0')).toEqual(back)
    expect(out(anew)).toBe(130n)
  })

  it('are forgotten with their period', () => {
    const { sql, loans, resting } = world(3)
    resting.look(HOUR)
    loans.transaction(() => loans.forget(OWED))
    expect(new Loans(sql).limits).toEqual([])
    expect(sql.rows('SELECT * FROM rested')).toEqual([])
  })

  it('stay as they are where the disk fails', () => {
    const { sql, loans, resting, out } = world(3)
    const rows = sql.rows
    sql.rows = (query, ...values) => {
      if (query.startsWith('DELETE')) throw new Error('disk full')
      return rows(query, ...values)
    }
    expect(() => resting.look(HOUR)).toThrow('disk full')
    sql.rows = rows
    expect([...loans.lanes()]).toHaveLength(3)
    expect(out()).toBe(150n)
  })
})
