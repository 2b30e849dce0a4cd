import fc from 'fast-check'
import { expect, it } from 'vitest'
import { laneName, laneOf, paymentId, placeOf } from '../../src/domain/payment-id.ts'

const place = fc.record({
  center: fc.integer({ min: 1, max: 255 }),
  institution: fc.integer({ min: 1, max: 16_777_215 }),
  epoch: fc.integer({ min: 1, max: 65_535 }),
  lane: fc.integer({ min: 0, max: 63 }),
})
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })

it('an id tells where its payment lives, and two requests never share one', () => {
  fc.assert(
    fc.property(place, hash, hash, (where, one, other) => {
      const id = paymentId(where, one)
      expect(id).toMatch(/^pay_[0-9a-z]{32}$/)
      expect(placeOf(id)).toEqual(where)
      const same = one.slice(0, 13).join() === other.slice(0, 13).join()
      expect(paymentId(where, other) === id).toBe(same)
    }),
  )
})

it('what is no id names no place, and never throws', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      expect(placeOf(text)).toBeNull()
    }),
  )
  const id = paymentId({ center: 1, institution: 7, epoch: 1, lane: 0 }, new Uint8Array(32))
  for (const text of [
    id.slice(1),
    `${id}0`,
    id.toUpperCase(),
    id.replace('pay_', 'rfd_'),
    `${id.slice(0, -1)}u`,
  ]) {
    expect(placeOf(text)).toBeNull()
  }
})

it('requests spread evenly over lanes, and each meets the same one again', () => {
  const lanes = 8
  const counts = new Array<number>(lanes).fill(0)
  for (let n = 0; n < 8_000; n += 1) {
    const bytes = new Uint8Array([n >>> 8, n, 3])
    const lane = laneOf(bytes, lanes)
    expect(laneOf(bytes, lanes)).toBe(lane)
    counts[lane]! += 1
  }
  expect(Math.min(...counts)).toBeGreaterThan(900)
})

it('a lane is named by institution, epoch and lane, so an epoch never meets the objects of another', () => {
  expect(laneName({ center: 1, institution: 102, epoch: 3, lane: 2 })).toBe('102:3:2')
})
