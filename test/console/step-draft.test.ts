import { describe, expect, it } from 'vitest'
import { type Draft, emptyDraft, stepKinds, stepOf } from '../../src/console/step-draft.ts'
import { limitKinds } from '../../src/domain/limit.ts'
import { stepSchema } from '../../src/wire/ops-change.ts'

const currencies: Readonly<Record<string, string>> = { 'wallet-th': 'THB', 'wallet-vn': 'VND' }
const draft = (more: Partial<Draft>) =>
  stepOf({ ...emptyDraft, ...more }, ({ institution, kind }) =>
    limitKinds[kind].counts === 'payments' ? null : currencies[institution],
  )

/** As a field gives it, by the clock of this machine. */
const LOCAL = '2026-01-31T08:00'
const LATER = new Date(2026, 0, 31, 8).toISOString()

const named: Readonly<Partial<Draft>> = { name: 'wallet-th', amount: '1,500.00' }

describe('a step that is written', () => {
  it('may be of every kind that the interface knows', () => {
    const known = stepSchema.options.flatMap(({ shape: { kind } }) =>
      'options' in kind ? kind.options : [kind.value],
    )
    expect([...stepKinds].sort()).toEqual(known.sort())
    for (const kind of stepKinds)
      expect(stepSchema.parse(draft({ ...named, kind }))).toMatchObject({ kind })
  })

  // biome-ignore format: a table is read by column
  it.each([
    [{ kind: 'set_limit', name: 'wallet-th', amount: '1,500.50' },                     { value: '150050' }],
    [{ kind: 'set_limit', name: 'wallet-vn', amount: '1,500' },                        { value: '1500' }],
    [{ kind: 'set_limit', name: 'wallet-th', amount: '500', limit: 'count_day' },      { value: '500' }],
    [{ kind: 'set_limit', name: 'wallet-th', amount: '', scope: ' ' },                 { value: null, limit: { scope: '*' } }],
    [{ kind: 'set_allowance', amount: '5,000' },                                       { value: '500000' }],
    [{ kind: 'set_limit', name: 'wallet-th', amount: '5', from: LOCAL },               { value: '500', from: LATER }],
    [{ kind: 'set_allowance', amount: '5,000', from: LOCAL },                          { value: '500000', from: LATER }],
    [{ kind: 'set_lanes', name: 'wallet-th', lanes: '16' },                            { lanes: 16 }],
    [{ kind: 'pin_center', name: 'hk', pinned: false },                                { pinned: false }],
  ] as const)('%o comes to %o', (more, step) => {
    expect(draft(more)).toMatchObject(step)
  })

  // biome-ignore format: a table is read by column
  it.each([
    ['finer than the currency', { kind: 'set_limit', name: 'wallet-vn', amount: '1,500.50' },                    'amount'],
    ['half a payment',          { kind: 'set_limit', name: 'wallet-th', amount: '1.5', limit: 'count_day' },     'amount'],
    ['no amount',               { kind: 'set_limit', name: 'wallet-th', amount: 'much' },                        'amount'],
    ['an unknown currency',     { kind: 'set_limit', name: 'nobody', amount: '1' },                              'amount'],
    ['cents of cents',          { kind: 'set_allowance', amount: '0.001' },                                      'amount'],
    ['half an instant',         { kind: 'set_limit', name: 'wallet-th', amount: '5', from: '2026-01-T08' },        'from'],
    ['no instant',              { kind: 'set_allowance', amount: '5', from: 'soon' },                               'from'],
    ['no corridor',             { kind: 'set_allowance', corridor: 'china' },                                    'corridor'],
    ['nobody',                  { kind: 'switch_off', name: '' },                                                'name'],
    ['no lane',                 { kind: 'set_lanes', name: 'wallet-th', lanes: '0' },                            'lanes'],
  ] as const)('%s is refused at its field', (_, more, wrong) => {
    expect(draft(more)).toBe(wrong)
  })
})
