import { describe, expect, it } from 'vitest'
import { directoryOf } from '../../src/domain/directory.ts'
import type { Limit, LimitKind } from '../../src/domain/limit.ts'
import { nearLimits } from '../../src/domain/limit-near.ts'
import type { UseThere } from '../../src/domain/share.ts'
import { acquirer, provider, wallet } from '../db/network.ts'

/** In Bangkok it is the second already. */
const NOW = Date.UTC(2026, 9, 1, 18)
const TODAY = '2026-10-02'

const limit = (kind: LimitKind, value: bigint | null, scope = '*', from = 0): Limit => ({
  institution: wallet.id,
  ...{ scope, kind, from, value },
})
const network = (...limits: Limit[]) =>
  directoryOf({
    version: 1,
    centers: [],
    institutions: [wallet, acquirer, provider],
    keys: [],
    epochs: [],
    routes: [],
    corridors: [],
    rates: [],
    switches: [],
    limits,
  })
const use = (name: string, used: bigint, held = 0n): UseThere => ({
  limit: `${wallet.id} ${name}`,
  ...{ used, held, asOf: null },
})

describe('limits that are near their end', () => {
  it('are those of which most is used, over all centers together', () => {
    const directory = network(
      limit('value_day', 1_000n),
      limit('count_day', 10n),
      limit('net_debit', 1_000n, 'TH>CN'),
    )
    const uses = [
      use(`* value_day ${TODAY}`, 300n, 50n),
      use(`* count_day ${TODAY}`, 5n),
      use(`* value_day ${TODAY}`, 350n, 10n),
      use('TH>CN net_debit -', 900n),
    ]
    const near = nearLimits(uses, directory, NOW, 9)
    expect(near.map(({ kind, share }) => [kind, share])).toEqual([
      ['net_debit', 0.9],
      ['value_day', 0.65],
      ['count_day', 0.5],
    ])
    expect(near[1]).toMatchObject({
      institution: wallet.id,
      used: 650n,
      held: 60n,
      currency: wallet.currencies[0],
      resetsAt: Date.UTC(2026, 9, 2, 17),
    })
    expect(near[2]?.currency).toBeNull()
    expect(near[0]?.resetsAt).toBeNull()
    expect(nearLimits(uses, directory, NOW, 2)).toEqual(near.slice(0, 2))
  })

  it.each([
    ['of a day that is over', '* value_day 2026-10-01', 10n],
    ['that nothing was used of', `* value_day ${TODAY}`, 0n],
    ['that were lifted', `* count_day ${TODAY}`, 10n],
    ['that are nobody’s any more', `TH>MY value_day ${TODAY}`, 10n],
  ])('are none %s', (_, name, used) => {
    const directory = network(limit('value_day', 1_000n), limit('count_day', null))
    expect(nearLimits([use(name, used)], directory, NOW, 9)).toEqual([])
  })

  it('are beyond their end where they became less than was used', () => {
    const directory = network(limit('value_day', 1_000n), limit('value_day', 100n, '*', NOW - 1))
    expect(nearLimits([use(`* value_day ${TODAY}`, 150n)], directory, NOW, 9)[0]?.share).toBe(1.5)
  })
})
