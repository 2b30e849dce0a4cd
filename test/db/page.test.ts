import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  deadLetterPlaces,
  eventCursor,
  eventPlaces,
  nextDeadLetterCursor,
  nextPaymentCursor,
  type PaymentPlace,
  paymentPlaces,
} from '../../src/db/cursor.ts'
import { type CenterPage, mergePages, type Places } from '../../src/db/page.ts'

const centers = ['hk', 'sg', 'fra'] as const
const isSmaller = (one: number, other: number) => one < other

/** What a center with these rising numbers says when asked from behind `after`. */
function say(numbers: readonly number[], after: number, limit: number): CenterPage<number, number> {
  const rest = numbers.filter(number => number > after)
  const items = rest.slice(0, limit).map(number => ({ item: number, place: number }))
  return { items, end: items.at(-1)?.place ?? null, more: rest.length > limit }
}

const numbers = fc
  .uniqueArray(fc.nat(200), { maxLength: 30 })
  .map(list => list.sort((a, b) => a - b))

describe('pages of several centers', () => {
  it('give everything once and in order, whatever the size of a page', () => {
    fc.assert(
      fc.property(
        fc.tuple(numbers, numbers, numbers),
        fc.integer({ min: 1, max: 9 }),
        (all, limit) => {
          const read: number[] = []
          let places: Places<number> = {}
          for (let pages = 0; pages < 100; pages += 1) {
            const asked = new Map(
              centers.map((center, c) => [center, say(all[c] ?? [], places[center] ?? -1, limit)]),
            )
            const merged = mergePages(asked, places, isSmaller, limit)
            read.push(...merged.data)
            places = merged.places
            if (!merged.more) break
          }
          expect(read).toEqual(all.flat().sort((a, b) => a - b))
        },
      ),
    )
  })

  it('skip nothing of a center that is away for some of them', () => {
    fc.assert(
      fc.property(
        fc.tuple(numbers, numbers, numbers),
        fc.array(fc.subarray([...centers]), { maxLength: 12 }),
        (all, outages) => {
          const read: number[] = []
          let places: Places<number> = {}
          for (let pages = 0; pages < 150; pages += 1) {
            const away = outages[pages] ?? []
            const asked = new Map(
              centers.map((center, c) => [
                center,
                away.includes(center) ? null : say(all[c] ?? [], places[center] ?? -1, 3),
              ]),
            )
            const merged = mergePages(asked, places, isSmaller, 3)
            expect(merged.missing.toSorted()).toEqual(away.toSorted())
            read.push(...merged.data)
            places = merged.places
          }
          expect(read.toSorted((a, b) => a - b)).toEqual(all.flat().sort((a, b) => a - b))
        },
      ),
    )
  })

  it('leave a center where it was when it is missing, or when none of its items had their turn', () => {
    const asked = new Map([
      ['hk', say([1, 2, 3], 0, 2)],
      ['sg', say([8, 9], 7, 2)],
      ['fra', null],
    ])
    expect(mergePages(asked, { sg: 7, fra: 5 }, isSmaller, 2)).toEqual({
      data: [1, 2],
      places: { hk: 2, sg: 7, fra: 5 },
      more: true,
      missing: ['fra'],
    })
  })

  it('say that there is more while a center waits for its first turn', () => {
    const asked = new Map([
      ['hk', say([1, 2], 0, 2)],
      ['sg', say([3], 0, 2)],
    ])
    expect(mergePages(asked, {}, isSmaller, 2)).toMatchObject({ places: { hk: 2 }, more: true })
    expect(mergePages(asked, {}, isSmaller, 3)).toMatchObject({ more: false })
  })

  it('wait for a center that looked at much, found little and has more', () => {
    const asked = new Map<string, CenterPage<number, number>>([
      ['hk', { items: [], end: 50, more: true }],
      ['sg', say([60], 0, 5)],
    ])
    const merged = mergePages(asked, {}, isSmaller, 5)
    expect(merged).toEqual({ data: [], places: { hk: 50 }, more: true, missing: [] })
  })
})

describe('a cursor', () => {
  const places: Places<PaymentPlace> = { hk: [1_790_000_000_000, 'pay_00'], sg: 'end' }

  it('gives back the places that went into it', () => {
    const cursor = nextPaymentCursor({ places, more: true, missing: [] }) ?? ''
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(paymentPlaces(cursor)).toEqual(places)
    expect(eventPlaces(eventCursor({ hk: [7, 3] }))).toEqual({ hk: [7, 3] })
    expect(eventPlaces(eventCursor({}))).toEqual({})
    const letters = { hk: [7, 'pay_00', 'capture', ''] } as const
    const next = nextDeadLetterCursor({ places: letters, more: true, missing: [] }) ?? ''
    expect(deadLetterPlaces(next)).toEqual(letters)
    expect(paymentPlaces(next)).toBeNull()
    expect(deadLetterPlaces(cursor)).toBeNull()
  })

  it.each([
    [false, [], false],
    [true, [], true],
    [false, ['fra'], true],
  ])('with more %s and %j missing is there: %s', (more, missing, there) => {
    expect(nextPaymentCursor({ places, more, missing }) !== null).toBe(there)
  })

  const text = (value: unknown) => btoa(JSON.stringify(value)).replace(/=+$/, '')
  it.each([
    '',
    'no cursor!',
    'AAAA',
    text(null),
    text(['payments', null]),
    text(['payments', { hk: [1] }]),
    text(['payments', { hk: [-1, 'pay_00'] }]),
    text(['payments', { hk: ['1', 'pay_00'] }]),
    text(['payments', { hk: null }]),
    text(['events', { hk: [1, 2] }]),
    'A'.repeat(5_000),
  ])('that we did not make is none: %s', cursor => {
    expect(paymentPlaces(cursor)).toBeNull()
  })

  it('of one list is none of the other', () => {
    expect(eventPlaces(nextPaymentCursor({ places, more: true, missing: [] }) ?? '')).toBeNull()
  })
})
