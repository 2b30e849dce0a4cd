import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayAt, yearAt } from '../../src/domain/zone.ts'

const at = (text: string) => Date.parse(text)
const iso = (instant: number) => new Date(instant).toISOString()

// An instant, a zone, and the day it is there: label, first instant, first instant of the next one.
const table = `
  2026-10-01T15:59:59.999Z  Asia/Shanghai      2026-10-01  2026-09-30T16:00:00.000Z  2026-10-01T16:00:00.000Z
  2026-10-01T16:00:00.000Z  Asia/Shanghai      2026-10-02  2026-10-01T16:00:00.000Z  2026-10-02T16:00:00.000Z
  2026-03-29T12:00:00.000Z  Europe/Berlin      2026-03-29  2026-03-28T23:00:00.000Z  2026-03-29T22:00:00.000Z
  2026-10-25T12:00:00.000Z  Europe/Berlin      2026-10-25  2026-10-24T22:00:00.000Z  2026-10-25T23:00:00.000Z
  2018-11-04T12:00:00.000Z  America/Sao_Paulo  2018-11-04  2018-11-04T03:00:00.000Z  2018-11-05T02:00:00.000Z
  2018-02-18T01:30:00.000Z  America/Sao_Paulo  2018-02-17  2018-02-17T02:00:00.000Z  2018-02-18T03:00:00.000Z
  2018-02-18T02:30:00.000Z  America/Sao_Paulo  2018-02-17  2018-02-17T02:00:00.000Z  2018-02-18T03:00:00.000Z
  2011-12-30T12:00:00.000Z  Pacific/Apia       2011-12-31  2011-12-30T10:00:00.000Z  2011-12-31T10:00:00.000Z`

describe('a day', () => {
  it.each(
    table
      .trim()
      .split('\n')
      .map(row => row.trim().split(/\s+/)),
  )('at %s in %s is %s', (instant, zone, label, from, until) => {
    const day = dayAt(at(instant!), zone!)
    expect([day.label, iso(day.from), iso(day.until)]).toEqual([label, from, until])
  })

  it('holds its instant, and the next one begins where it ends, in every zone at every time', () => {
    const zones = Intl.supportedValuesOf('timeZone')
    expect(zones.length).toBeGreaterThan(100)
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2000), max: Date.UTC(2040) }),
        (zone, instant) => {
          const day = dayAt(instant, zone)
          expect(day.from).toBeLessThanOrEqual(instant)
          expect(day.until).toBeGreaterThan(instant)
          expect(dayAt(day.until - 1, zone)).toEqual(day)
          const next = dayAt(day.until, zone)
          expect(next.from).toBe(day.until)
          expect(next.label > day.label).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})

it('a year begins and ends with its days', () => {
  const year = yearAt(at('2026-12-31T16:30:00.000Z'), 'Asia/Shanghai')
  expect([year.label, iso(year.from), iso(year.until)]).toEqual([
    '2027',
    '2026-12-31T16:00:00.000Z',
    '2027-12-31T16:00:00.000Z',
  ])
})
