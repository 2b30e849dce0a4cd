/** When steps begin, as people say it on a command line. */
import { describe, expect, it } from 'vitest'
import { beginning, stepOf, wordsOf } from '../../src/cli/ops-words.ts'

const NOW = Date.UTC(2026, 0, 31, 8)
const limit = stepOf('limit wallet-th * value_day 5')
const allowance = stepOf('allowance *>CN year none')

describe('steps that begin later', () => {
  // biome-ignore format: a table is read by column
  it.each([
    ['2026-02-01T00:00:00Z',          '2026-02-01T00:00:00.000Z'],
    ['2026-02-01T08:00+08:00',        '2026-02-01T00:00:00.000Z'],
    ['2026-02-01T00:00:00.250Z',      '2026-02-01T00:00:00.250Z'],
    ['30s',                           '2026-01-31T08:00:30.000Z'],
    ['2d',                            '2026-02-02T08:00:00.000Z'],
  ])('at %s', (text, from) => {
    expect(beginning([limit, allowance], text, NOW)).toEqual([
      { ...limit, from },
      { ...allowance, from },
    ])
    expect(beginning([limit, allowance], text, NOW).map(wordsOf)).toEqual([
      `limit wallet-th * value_day 5 from ${from}`,
      `allowance *>CN year none from ${from}`,
    ])
  })

  // Without a zone an instant would be another one on each machine.
  it.each(['tomorrow', '2026-02-01', '2026-02-01T00:00:00', '2026-02-31T00:00:60Z', '5', ''])(
    'are refused at "%s"',
    text => {
      expect(() => beginning([limit], text, NOW)).toThrow(`"${text}" is no instant.`)
    },
  )

  it('are limits and allowances only', () => {
    const steps = [limit, stepOf('off family qris')]
    expect(() => beginning(steps, '1d', NOW)).toThrow('"off family qris" is made at once')
  })
})
