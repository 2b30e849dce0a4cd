import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Allowances, type Wanted } from '../../durable-objects/allowances.ts'
import { assert } from '../../src/domain/result.ts'
import { memorySql } from './sqlite.ts'

const wanted = (payment: string, minor: bigint, more: Partial<Wanted> = {}): Wanted => ({
  payment,
  person: 'somebody',
  pool: '*>CN',
  minor,
  cap: 100n,
  askAt: 1_000,
  ...more,
})

const counts = (minor: bigint) => ({ person: 'somebody', pool: '*>CN', minor })

const books = () => new Allowances(memorySql())

/** Whether it was let, and the number of the claim. */
function take(of: Allowances, ...about: Parameters<typeof wanted>): number | null {
  const taken = of.take(wanted(...about))
  if (taken.ok) return taken.value
  expect(taken.refusal).toEqual({ code: 'LIMIT_PERSON' })
  return null
}

function claim(...about: Parameters<typeof take>): number {
  const number = take(...about)
  assert(number !== null, 'there was room for it')
  return number
}

describe('the allowance of a person', () => {
  it('is taken to its last cent, and not beyond', () => {
    const of = books()
    claim(of, 'a', 60n)
    expect(take(of, 'b', 41n)).toBeNull()
    claim(of, 'c', 40n)
    expect(take(of, 'd', 1n)).toBeNull()
  })

  it('is its own, in each market its own', () => {
    const of = books()
    claim(of, 'a', 100n)
    claim(of, 'b', 100n, { person: 'another' })
    claim(of, 'c', 100n, { pool: '*>JP' })
  })

  it('counts a payment once, however often it is sent', () => {
    const of = books()
    for (const _ of [1, 2, 3]) claim(of, 'a', 60n)
    claim(of, 'b', 40n)
    expect(take(of, 'c', 1n)).toBeNull()
    // Even at the very end of the allowance the same payment is let through again.
    claim(of, 'b', 40n)
  })

  it('counts the highest of what different edges make of the same payment', () => {
    const of = books()
    const high = claim(of, 'a', 60n)
    claim(of, 'a', 50n)
    expect(take(of, 'b', 41n)).toBeNull()
    of.drop('a', high)
    claim(of, 'b', 50n)
  })

  it('counts one payment in each market and of each person that edges claim it for', () => {
    for (const other of [{ pool: '*>JP' }, { person: 'another' }]) {
      const of = books()
      claim(of, 'a', 60n)
      const mistaken = claim(of, 'a', 50n, other)
      expect(take(of, 'b', 51n, other)).toBeNull()
      expect(take(of, 'c', 41n)).toBeNull()
      of.drop('a', mistaken)
      claim(of, 'b', 100n, other)
      claim(of, 'c', 40n)
    }
  })

  it('has back what was claimed for nothing, but not what another attempt still claims', () => {
    const of = books()
    const [first, second] = [claim(of, 'a', 60n), claim(of, 'a', 60n)]
    of.drop('a', second)
    expect(take(of, 'b', 41n)).toBeNull()
    of.drop('a', first)
    of.drop('a', first)
    claim(of, 'b', 100n)
  })

  it('has back what was aborted, once, however often that is told', () => {
    const of = books()
    claim(of, 'a', 60n)
    claim(of, 'b', 40n)
    for (const _ of [1, 2]) of.lower('a', 0n)
    claim(of, 'c', 60n)
    expect(take(of, 'd', 1n)).toBeNull()
  })

  it('counts beyond its end what went on while it could not be asked, and lets nothing more', () => {
    const of = books()
    claim(of, 'a', 90n)
    claim(of, 'b', 30n, { cap: null })
    expect(take(of, 'c', 1n)).toBeNull()
    of.lower('b', 0n)
    claim(of, 'c', 10n)
  })
})

describe('whoever takes and is not heard of again', () => {
  it('is followed up once nothing can be opened by it any more, the longest waiting first', () => {
    const of = books()
    claim(of, 'late', 1n, { askAt: 3_000 })
    claim(of, 'early', 1n, { askAt: 1_000 })
    claim(of, 'middle', 1n, { askAt: 2_000 })
    expect(of.nextDue()).toBe(1_000)
    expect(of.due(999, 10)).toEqual([])
    expect(of.due(2_000, 10)).toEqual(['early', 'middle'])
    expect(of.due(9_000, 1)).toEqual(['early'])
  })

  it('stays spent until its lane has said what counts', () => {
    const of = books()
    claim(of, 'a', 100n)
    of.askAgain('a', 60_000)
    expect(of.due(59_999, 10)).toEqual([])
    expect(take(of, 'b', 1n)).toBeNull()
    of.settle('a', null, 60_000)
    expect(of.nextDue()).toBeNull()
    claim(of, 'b', 100n)
  })

  it('is asked about no more when it is settled, and can still be given back', () => {
    const of = books()
    claim(of, 'a', 60n)
    claim(of, 'a', 60n)
    of.settle('a', counts(60n), 1_000)
    expect(of.nextDue()).toBeNull()
    expect(take(of, 'b', 41n)).toBeNull()
    of.lower('a', 0n)
    claim(of, 'b', 100n)
  })

  it('counts whatever is dropped later, because its lane has said that it does', () => {
    const of = books()
    const [first, second] = [claim(of, 'a', 60n), claim(of, 'a', 60n)]
    of.settle('a', counts(60n), 1_000)
    of.drop('a', first)
    of.drop('a', second)
    expect(take(of, 'b', 41n)).toBeNull()
    of.lower('a', 0n)
    claim(of, 'b', 100n)
  })

  it('is not taken for another attempt, by which it may still be opened', () => {
    const of = books()
    claim(of, 'a', 60n, { askAt: 1_000 })
    claim(of, 'a', 60n, { askAt: 2_000 })
    of.settle('a', null, 1_000)
    expect(of.nextDue()).toBe(2_000)
    expect(take(of, 'b', 41n)).toBeNull()
    of.settle('a', null, 2_000)
    expect(of.nextDue()).toBeNull()
    claim(of, 'b', 100n)
  })

  it('counts for nobody but the one whose payment it became', () => {
    const of = books()
    claim(of, 'a', 60n)
    claim(of, 'a', 60n, { person: 'another' })
    of.settle('a', counts(60n), 1_000)
    claim(of, 'b', 100n, { person: 'another' })
    expect(take(of, 'b', 41n)).toBeNull()
  })

  it('is forgotten with its year', () => {
    const of = books()
    claim(of, 'a', 100n)
    of.forget()
    expect(of.nextDue()).toBeNull()
    claim(of, 'b', 100n)
  })
})

type Deed = readonly ['take' | 'drop' | 'lower' | 'settle', payment: number, minor: number]

/** The same in the plainest words: all claims of each payment, and their highest counts. */
function plainly(deeds: readonly Deed[]) {
  const of = books()
  const claims = new Map<number, { number: number; minor: number; isSettled: boolean }[]>()
  const counted = () =>
    [...claims.values()].reduce(
      (sum, list) => sum + Math.max(0, ...list.map(({ minor }) => minor)),
      0,
    )
  for (const [deed, payment, minor] of deeds) {
    const list = claims.get(payment) ?? []
    claims.set(payment, list)
    const id = `payment-${payment}`
    if (deed === 'take') {
      const before = counted()
      const more = Math.max(0, minor - Math.max(0, ...list.map(each => each.minor)))
      const number = take(of, id, BigInt(minor))
      expect(number !== null).toBe(before + more <= 100)
      if (number !== null) list.push({ number, minor, isSettled: false })
    } else if (deed === 'drop') {
      const [dropped] = list
      if (dropped !== undefined) of.drop(id, dropped.number)
      if (dropped?.isSettled === false) list.shift()
    } else if (deed === 'lower') {
      of.lower(id, BigInt(minor))
      for (const each of list) each.minor = Math.min(each.minor, minor)
    } else {
      of.settle(id, counts(BigInt(minor)), 1_000)
      list.sort((a, b) => b.minor - a.minor || a.number - b.number).splice(1)
      for (const each of list) {
        each.minor = Math.min(each.minor, minor)
        each.isSettled = true
      }
    }
    expect(counted()).toBeLessThanOrEqual(100)
  }
  // What is left is exactly what was not counted.
  expect(take(of, 'rest', BigInt(101 - counted()))).toBeNull()
  claim(of, 'rest', BigInt(100 - counted()))
}

it('never lets anybody overshoot, nor loses a cent, in whatever order it is told what', () => {
  const deed = fc.tuple(
    fc.constantFrom('take', 'take', 'drop', 'lower', 'settle'),
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 0, max: 70 }),
  )
  fc.assert(fc.property(fc.array(deed as fc.Arbitrary<Deed>, { maxLength: 40 }), plainly))
})
