import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DirectoryRows, directoryOf } from '../../src/domain/directory.ts'
import {
  CLOCK_SKEW_MS,
  EPOCH_NOTICE_MS,
  type KnownEpoch,
  merged,
  SURE_MS,
  standingOf,
} from '../../src/domain/epoch.ts'

const known: KnownEpoch = { from: 1_000, until: null, confirmedAt: 50_000 }

describe('how a request stands to an epoch', () => {
  // biome-ignore format: a table is read by column
  it.each([
    ['the last moment before it begins',    {},                999,                     'early'],
    ['the moment it begins',                {},                1_000,                   'in_force'],
    ['the last moment that is sure',        {},                50_000 + SURE_MS - 1,    'in_force'],
    ['the first that is not',               {},                50_000 + SURE_MS,        'unsure'],
    ['long before the next one',            { until: 90_000 }, 60_000,                  'in_force'],
    ['the last moment before the next one', { until: 90_000 }, 89_999,                  'in_force'],
    ['the moment the next one begins',      { until: 90_000 }, 90_000,                  'over'],
  ] as const)('%s: %o, %i is %s', (_, more, requestedAt, standing) => {
    expect(standingOf({ ...known, ...more }, requestedAt)).toBe(standing)
  })

  it('is judged by all that two know of it together', () => {
    const later = { ...known, confirmedAt: 60_000 }
    const ended = { ...known, until: 70_000, confirmedAt: 40_000 }
    expect(merged(known, later)).toEqual(later)
    expect(merged(later, known)).toEqual(later)
    expect(merged(ended, later)).toEqual({ from: 1_000, until: 70_000, confirmedAt: 60_000 })
    expect(merged(null, ended)).toEqual(ended)
  })
})

const skew = fc.integer({ min: -CLOCK_SKEW_MS / 2, max: CLOCK_SKEW_MS / 2 })

/** Epochs as the directory may come to have them: each is written some notice before it is in force. */
const histories = fc
  .array(
    fc.record({
      pause: fc.integer({ min: 1, max: 30_000 }),
      notice: fc.integer({ min: EPOCH_NOTICE_MS, max: 2 * EPOCH_NOTICE_MS }),
      clock: skew,
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map(steps => {
    let writtenAt = 0
    let from = 0
    return steps.map(({ pause, notice, clock }) => {
      writtenAt += pause
      from = Math.max(from + 1, writtenAt + notice + clock)
      return { writtenAt, from }
    })
  })

describe('whatever was seen of the directory, and whenever', () => {
  it('no two lanes open the same request', () => {
    fc.assert(
      fc.property(
        histories,
        fc.array(fc.record({ at: fc.nat(120_000), clock: skew }), { minLength: 1, maxLength: 20 }),
        fc.nat(200_000),
        (history, sights, requestedAt) => {
          const epochs = [
            { writtenAt: Number.NEGATIVE_INFINITY, from: Number.NEGATIVE_INFINITY },
            ...history,
          ]
          /** What a lane of an epoch knows after it has been told by everybody who knows that it is there. */
          const lanes = epochs.map((epoch, index) =>
            sights.reduce<KnownEpoch | null>((sum, { at, clock }) => {
              if (epoch.writtenAt > at) return sum
              const next = epochs[index + 1]
              const until = next !== undefined && next.writtenAt <= at ? next.from : null
              return merged(sum, { from: epoch.from, until, confirmedAt: at + clock })
            }, null),
          )
          const open = lanes.filter(
            lane => lane !== null && standingOf(lane, requestedAt) === 'in_force',
          )
          expect(open.length).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 5_000 },
    )
  })
})

describe('a directory', () => {
  const epoch = (number: number, from: number) =>
    ({ institution: 'wallet-th', epoch: number, from, center: 'hk', lanes: 1 }) as const
  const lists = { centers: [], institutions: [], keys: [], routes: [], corridors: [], rates: [] }
  const rows: DirectoryRows = {
    version: 1,
    ...lists,
    switches: [],
    epochs: [epoch(2, 500), epoch(1, 0), epoch(4, 900)],
  }

  it('knows the bounds of each epoch', () => {
    const { epochBounds } = directoryOf(rows)
    expect(epochBounds('wallet-th', 1)).toEqual({ from: 0, until: 500 })
    expect(epochBounds('wallet-th', 2)).toEqual({ from: 500, until: 900 })
    expect(epochBounds('wallet-th', 4)).toEqual({ from: 900, until: null })
    expect(epochBounds('wallet-th', 3)).toBeUndefined()
    expect(epochBounds('wallet-cn', 1)).toBeUndefined()
  })
})
