import { describe, expect, it } from 'vitest'
import { cutAfter } from '../../src/domain/cut.ts'

// A payment at an instant, in a zone: until when it can be cancelled.
const table = `
  2026-01-31T08:00:00.000Z  UTC               2026-02-01T00:15:00.000Z
  2026-01-31T15:59:59.999Z  Asia/Shanghai     2026-01-31T16:15:00.000Z
  2026-01-31T16:00:00.000Z  Asia/Shanghai     2026-02-01T16:15:00.000Z
  2026-01-31T16:14:00.000Z  Asia/Shanghai     2026-02-01T16:15:00.000Z
  2026-03-28T12:00:00.000Z  Europe/Berlin     2026-03-28T23:15:00.000Z
  2026-03-29T12:00:00.000Z  Europe/Berlin     2026-03-29T22:15:00.000Z
  2026-03-28T23:30:00.000Z  Europe/Berlin     2026-03-29T22:15:00.000Z
  2026-10-25T00:30:00.000Z  Europe/Berlin     2026-10-25T23:15:00.000Z
  2026-06-01T18:20:00.000Z  Asia/Kathmandu    2026-06-02T18:30:00.000Z
  2026-06-01T09:00:00.000Z  Pacific/Auckland  2026-06-01T12:15:00.000Z`

describe('the cut', () => {
  it.each(
    table
      .trim()
      .split('\n')
      .map(row => row.trim().split(/\s+/)),
  )('of a payment at %s in %s is at %s', (at, zone, cut) => {
    expect(new Date(cutAfter(Date.parse(at!), zone!)).toISOString()).toBe(cut)
  })
})
