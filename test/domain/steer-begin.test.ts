/** When changes may begin, and what lasts so long from then. */
import { describe, expect, it } from 'vitest'
import {
  AHEAD_MAX_MS,
  beginFaults,
  begun,
  dueStep,
  type Timed,
} from '../../src/domain/steer-begin.ts'
import type { Step } from '../../src/domain/steering.ts'

const NOW = 1_000_000_000
const HOUR_MS = 3_600_000
const limit = { institution: 'wallet-th', scope: '*', kind: 'value_day' } as const
const set = (from?: number): Step => ({
  kind: 'set_limit',
  limit,
  value: '1',
  ...(from === undefined ? {} : { from }),
})
const off: Step = { kind: 'switch_off', subject: 'family', name: 'qris' }
const timed = (steps: readonly Step[], more: Partial<Timed> = {}): Timed => ({
  ...{ steps, until: null, lastsMs: null },
  ...more,
})

describe('a change', () => {
  // biome-ignore format: a table is read by column
  it.each<readonly [says: string, wish: Timed, pointers: readonly string[]]>([
    ['that begins now',                          timed([set(NOW)]),                                        []],
    ['a moment ago',                             timed([off, set(NOW - 1)]),                               ['/steps/1/from']],
    ['as late as it may',                        timed([set(NOW + AHEAD_MAX_MS)]),                         []],
    ['later',                                    timed([set(NOW + AHEAD_MAX_MS + 1)]),                     ['/steps/0/from']],
    ['before it ends',                           timed([set(NOW + 9)], { until: NOW + 10 }),               []],
    ['as it ends',                               timed([set(NOW + 10)], { until: NOW + 10 }),              ['/steps/0/from']],
    ['apart, for good',                          timed([off, set(NOW + 1), set(NOW + 2)]),                 []],
    ['apart, until an instant',                  timed([off, set(NOW + 1)], { until: NOW + 9 }),           []],
    ['at one instant, for a while',              timed([set(NOW + 1), set(NOW + 1)], { lastsMs: 1 }),      []],
    ['apart, for a while',                       timed([set(NOW + 1), set(NOW + 2)], { lastsMs: 1 }),      ['/seconds']],
    ['now and later, for a while',               timed([off, set(NOW + 1)], { lastsMs: 1 }),               ['/seconds']],
  ])('%s', (_, wish, pointers) => {
    expect(beginFaults(wish, NOW).map(({ pointer }) => pointer)).toEqual(pointers)
  })

  it('lasts so long from when it begins, or from when it is made where that is later', () => {
    const wish = timed([set(NOW + HOUR_MS)], { lastsMs: 60_000 })
    expect(begun(wish, NOW).until).toBe(NOW + HOUR_MS + 60_000)
    expect(begun(wish, NOW + 2 * HOUR_MS).until).toBe(NOW + 2 * HOUR_MS + 60_000)
    expect(begun(timed([off], { lastsMs: 60_000 }), NOW).until).toBe(NOW + 60_000)
  })

  it('that waited beyond its beginning is due at once', () => {
    expect(dueStep(set(NOW), NOW)).toEqual(set())
    expect(dueStep(set(NOW + 1), NOW)).toEqual(set(NOW + 1))
    expect(dueStep(off, NOW)).toEqual(off)
  })
})
