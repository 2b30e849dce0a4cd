/** How things stand that a step would touch. */
import { describe, expect, it } from 'vitest'
import type { DirectoryRows } from '../../src/domain/directory.ts'
import type { Institution } from '../../src/domain/institution.ts'
import { standingOf } from '../../src/domain/steer-standing.ts'
import type { Step } from '../../src/domain/steering.ts'
import { standingText, standingView } from '../../src/wire/standing-view.ts'

const NOW = Date.UTC(2026, 5, 1)
const LATER = Date.UTC(2026, 5, 2)
const wallet = { id: 'wallet-vn', currencies: ['VND', 'USD'] } as unknown as Institution

const rows: DirectoryRows = {
  ...{ version: 7, keys: [], routes: [], corridors: [], rates: [] },
  institutions: [wallet],
  centers: [{ id: 'hk', number: 1, locationHint: null, status: 'draining', statusSince: NOW }],
  epochs: [{ institution: 'wallet-vn', epoch: 2, from: 0, center: 'sg', lanes: 4 }],
  switches: [
    { subject: 'corridor', name: 'TH>CN', reason: 'fraud', until: LATER },
    { subject: 'family', name: 'qris', reason: 'over', until: NOW },
  ],
  limits: [
    { institution: 'wallet-vn', scope: '*', kind: 'single_max', from: 0, value: 3_000_000n },
    { institution: 'wallet-vn', scope: '*', kind: 'single_max', from: LATER, value: null },
    { institution: 'wallet-vn', scope: '*', kind: 'count_day', from: 0, value: 500n },
  ],
  allowances: [{ corridor: '*>CN', kind: 'year', from: 0, value: 50_000_00n }],
} as unknown as DirectoryRows

const off = (subject: 'corridor' | 'family', name: string): Step => ({
  kind: 'switch_off',
  subject,
  name,
})
const limit = (kind: 'single_max' | 'count_day' | 'value_day'): Step => ({
  kind: 'set_limit',
  limit: { institution: 'wallet-vn', scope: '*', kind },
  value: '1',
})
const allowance: Step = {
  kind: 'set_allowance',
  allowance: { corridor: '*>CN', kind: 'year' },
  value: '1',
}

// biome-ignore format: a table is read by column
const table: readonly (readonly [name: string, step: Step, text: string, view: object])[] = [
  ['a corridor that is off', off('corridor', 'TH>CN'), 'off until 2026-06-02T00:00:00.000Z: fraud', { isOff: true, until: '2026-06-02T00:00:00.000Z', reason: 'fraud' }],
  ['a family whose stop is over', off('family', 'qris'), 'on', { isOff: false, until: null, reason: null }],
  ['a corridor that is on', off('corridor', 'CN>TH'), 'on', { isOff: false }],
  ['a limit that is announced to end', limit('single_max'), '3000000 VND, no bound from 2026-06-02T00:00:00.000Z', { currency: 'VND', value: '3000000', next: { value: null, from: '2026-06-02T00:00:00.000Z' } }],
  ['a limit that counts payments', limit('count_day'), '500', { currency: null, value: '500', next: null }],
  ['a limit that is none', limit('value_day'), 'no bound', { currency: 'VND', value: null, next: null }],
  ['an allowance', allowance, '50000.00 USD', { currency: 'USD', value: '5000000', next: null }],
  ['lanes', { kind: 'set_lanes', institution: 'wallet-vn', lanes: 8 }, '4 lanes in sg', { lanes: 4, center: 'sg' }],
  ['lanes of nobody', { kind: 'set_lanes', institution: 'nobody', lanes: 8 }, 'no lanes', { lanes: null, center: null }],
  ['a center', { kind: 'lose_center', center: 'hk' }, 'draining since 2026-06-01T00:00:00.000Z', { status: 'draining', since: '2026-06-01T00:00:00.000Z', pinned: false }],
  ['no center', { kind: 'lose_center', center: 'xx' }, 'no such center', { status: null, since: null }],
]

describe('how it stands', () => {
  it.each(table)('%s', (_, step, text, view) => {
    const standing = standingOf(step, rows, NOW)
    expect(standingText(standing)).toBe(text)
    expect(standingView(standing)).toMatchObject(view)
  })
})
