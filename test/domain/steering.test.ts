/** What takes a second person, what a step touches, and the steps back. */
import { describe, expect, it } from 'vitest'
import type { AllowanceKind } from '../../src/domain/allowance.ts'
import type { DirectoryRows, Switch } from '../../src/domain/directory.ts'
import type { Limit } from '../../src/domain/limit.ts'
import { STOP_ALONE_MS } from '../../src/domain/steer-stop.ts'
import {
  type Danger,
  dangersOf,
  factOf,
  isIdle,
  type Step,
  stepsBack,
} from '../../src/domain/steering.ts'

const NOW = 1_000_000_000
const off = (subject: Switch['subject'], name: string): Step => ({
  kind: 'switch_off',
  subject,
  name,
})
const on = (subject: Switch['subject'], name: string): Step => ({
  kind: 'switch_on',
  subject,
  name,
})
const limit = { institution: 'wallet-th', scope: '*', kind: 'value_day' } as const
const set = (value: string | null, more: Partial<Limit> = {}): Step => ({
  kind: 'set_limit',
  limit: { ...limit, ...more },
  value,
})

const may = (value: string | null, kind: AllowanceKind = 'year'): Step => ({
  kind: 'set_allowance',
  allowance: { corridor: '*>CN', kind },
  value,
})

const closed: Switch = { subject: 'corridor', name: 'TH>CN', reason: 'fraud', until: NOW + 5_000 }
const rows = (more: Partial<DirectoryRows> = {}): DirectoryRows => ({
  version: 7,
  centers: [],
  institutions: [],
  keys: [],
  epochs: [],
  routes: [],
  corridors: [],
  rates: [],
  switches: [],
  limits: [],
  ...more,
})
const limited = rows({
  limits: [
    { ...limit, from: 0, value: 1_000n },
    { ...limit, from: NOW - 10, value: 500n },
    { ...limit, from: NOW + 10, value: 900n },
    { ...limit, kind: 'single_min', from: 0, value: 10n },
  ],
  allowances: [
    { corridor: '*>CN', kind: 'year', from: 0, value: 1_000n },
    { corridor: '*>CN', kind: 'year', from: NOW - 10, value: 500n },
    { corridor: '*>CN', kind: 'year', from: NOW + 10, value: 900n },
    { corridor: 'TH>CN', kind: 'year', from: 0, value: 7n },
  ],
})

describe('a change takes a second person', () => {
  const short = NOW + STOP_ALONE_MS
  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, step: Step, until: number | null, want: readonly Danger[]]>([
    ['to cut off a member',                off('institution', 'wallet-th'),  short,     ['cuts_off_member']],
    ['to let one in again',                on('institution', 'wallet-th'),   null,      ['reopens_member']],
    ['to stop a scenario',                 off('scenario', 'inbound'),       short,     ['stops_scenario']],
    ['to open it again',                   on('scenario', 'inbound'),        null,      ['reopens_scenario']],
    ['to close a corridor for good',       off('corridor', 'TH>CN'),         null,      ['stops_for_long']],
    ['to close one for more than an hour', off('corridor', 'TH>CN'),         short + 1, ['stops_for_long']],
    ['but not to close one for an hour',   off('corridor', 'TH>CN'),         short,     []],
    ['nor to open one',                    on('corridor', 'TH>CN'),          null,      []],
    ['to stop a family for good',          off('family', 'qris'),            null,      ['stops_for_long']],
    ['but not for an hour',                off('family', 'qris'),            short,     []],
    ['to raise a limit',                   set('501'),                       null,      ['raises_limit']],
    ['to take one away',                   set(null),                        null,      ['raises_limit']],
    ['but not to lower one',               set('499'),                       null,      []],
    ['nor to keep it',                     set('500'),                       null,      []],
    ['nor to set one where there is none', set('5', { kind: 'count_day' }),  null,      []],
    ['to lower a minimum',                 set('9', { kind: 'single_min' }), null,      ['raises_limit']],
    ['but not to raise one',               set('11', { kind: 'single_min' }), null,     []],
    ['to drain a center',                  { kind: 'drain_center', center: 'hk' },  null, ['moves_center']],
    ['to give one up',                     { kind: 'lose_center', center: 'hk' },   null, ['moves_center']],
    ['to bring one back',                  { kind: 'return_center', center: 'hk' }, null, ['moves_center']],
    ['to hold one whatever happens',       { kind: 'pin_center', center: 'hk', pinned: true },  null, ['stops_failover']],
    ['but not to let go of it',            { kind: 'pin_center', center: 'hk', pinned: false }, null, []],
    ['nor to give a member more lanes',    { kind: 'set_lanes', institution: 'wallet-th', lanes: 8 }, null, []],
    ['to raise what a person may pay',     may('501'),                       null,      ['raises_limit']],
    ['to bound it no more',                may(null),                        null,      ['raises_limit']],
    ['but not to lower it',                may('499'),                       null,      []],
    ['to count persons where nobody did',  may('1', 'single'),               short,     ['stops_for_long']],
    ['to leave a member nothing',          set('0'),                         null,      ['cuts_off_member']],
    ['to leave a member next to nothing',  set('49'),                        null,      ['cuts_off_member']],
    ['to leave a member a tenth',          set('50'),                        null,      []],
  ])('%s', (_, step, until, want) => {
    expect(dangersOf([step], until, limited, NOW)).toEqual(want)
  })

  it('to close all corridors of a scenario, for however short', () => {
    const corridors = ['TH', 'MY'].map(payerMarket => ({
      ...{ payerMarket, payeeMarket: 'CN', status: 'open' },
    })) as unknown as DirectoryRows['corridors']
    const steps = ['TH>CN', 'MY>CN'].map(name => off('corridor', name))
    expect(dangersOf(steps, NOW + 1, rows({ corridors }), NOW)).toEqual(['stops_scenario'])
    expect(dangersOf(steps.slice(1), NOW + 1, rows({ corridors }), NOW)).toEqual([])
  })

  it('for every reason among its steps, each said once', () => {
    const steps = [off('family', 'qris'), off('institution', 'a'), off('institution', 'b')]
    expect(dangersOf(steps, null, rows(), NOW)).toEqual(['stops_for_long', 'cuts_off_member'])
  })
})

describe('what is announced', () => {
  const LATER = NOW + 20
  const at = (step: Step, from: number): Step => ({ ...step, from }) as Step

  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, step: Step, until: number | null, want: readonly Danger[]]>([
    ['to raise a limit later takes two, like now',     at(set('901'), LATER),     null,      ['raises_limit']],
    ['and so does it for a while',                     at(set('901'), LATER),     LATER + 5, ['raises_limit']],
    ['and to take one away later',                     at(set(null), LATER),      null,      ['raises_limit']],
    ['not to keep what is announced by then',          at(set('900'), LATER),     null,      []],
    ['nor to lower it',                                at(set('899'), LATER),     null,      []],
    ['and to raise it for a moment before',             at(set('501'), NOW + 5),   null,      ['raises_limit']],
    ['or above what is announced, as that begins',      at(set('901'), NOW + 10),  null,      ['raises_limit']],
    ['to leave a member nothing later cuts it off',    at(set('0'), LATER),       null,      ['cuts_off_member']],
    ['and next to nothing of what is announced',       at(set('89'), LATER),      null,      ['cuts_off_member']],
    ['which is more than it may be now',               at(set('90'), LATER),      null,      []],
    ['what a person may pay is raised by two, too',    at(may('901'), LATER),     null,      ['raises_limit']],
    ['and lowered by one',                             at(may('899'), LATER),     null,      []],
    ['persons are counted anew by two',                at(may('1', 'single'), LATER), null,  ['stops_for_long']],
  ])('%s', (_, step, until, want) => {
    expect(dangersOf([step], until, limited, NOW)).toEqual(want)
  })

  it('is judged as a whole: neither of two steps hides what the other one raises', () => {
    const both = [at(set('100'), NOW + 5), at(set('600'), NOW + 8)]
    expect(dangersOf(both, null, limited, NOW)).toEqual(['raises_limit'])
  })

  it('is idle where it would hold then anyway, and no other turn goes', () => {
    expect(isIdle(at(set('900'), LATER), limited, NOW)).toBe(true)
    expect(isIdle(at(set('500'), NOW + 5), limited, NOW)).toBe(false)
  })

  it('is part of what a step touches, however much of it there is', () => {
    const coming = Array.from({ length: 8 }, (_, place) => ({
      ...{ ...limit, from: NOW + 20 + place },
      value: 1n,
    }))
    const facts = coming.map((_, changed) =>
      factOf(
        set('1'),
        rows({
          limits: coming.map((row, place) => (place === changed ? { ...row, value: 2n } : row)),
        }),
      ),
    )
    expect(new Set(facts).size).toBe(8)
  })
})

describe('what was raised for a while', () => {
  /** By two, until a moment from now. */
  const raised = rows({
    limits: [
      { ...limit, from: 0, value: 500n },
      { ...limit, from: NOW - 10, value: 900n },
      { ...limit, from: NOW + 10, value: 500n },
    ],
    allowances: [
      { corridor: '*>CN', kind: 'year', from: 0, value: 500n },
      { corridor: '*>CN', kind: 'year', from: NOW - 10, value: 900n },
      { corridor: '*>CN', kind: 'year', from: NOW + 10, value: 500n },
    ],
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, step: Step, until: number | null, want: readonly Danger[]]>([
    ['is raised by whoever keeps it for good',        set('900'), null,     ['raises_limit']],
    ['and by whoever keeps a part of it for good',    set('501'), null,     ['raises_limit']],
    ['and by whoever keeps it longer',                set('900'), NOW + 11, ['raises_limit']],
    ['but not by whoever keeps it until its end',     set('900'), NOW + 10, []],
    ['nor by whoever lowers it until its end',        set('600'), NOW + 9,  []],
    ['nor by whoever ends it',                        set('500'), null,     []],
    ['what a person may pay is kept by two, too',     may('900'), null,     ['raises_limit']],
    ['and its raise is ended by one',                 may('500'), null,     []],
  ])('%s', (_, step, until, want) => {
    expect(dangersOf([step], until, raised, NOW)).toEqual(want)
  })

  it('is not the same for good', () => {
    expect(isIdle(set('900'), raised, NOW)).toBe(false)
    expect(isIdle(set('900'), raised, NOW, NOW + 10)).toBe(true)
  })

  it('ends when it was to end, when it is put back', () => {
    const next = [{ from: NOW + 10, value: '500' }]
    const back = stepsBack([set('500'), may('500')], raised, NOW)
    expect(back).toEqual([
      { ...may('900'), next },
      { ...set('900'), next },
    ])
    const ended = rows({ limits: [{ ...limit, from: 0, value: 500n }] })
    const [, limitBack] = back
    if (limitBack === undefined) throw new Error('two steps, two back')
    expect(dangersOf([limitBack], null, ended, NOW + 1)).toEqual(['raises_limit'])
    // By then there is nothing left to be raised.
    expect(dangersOf([limitBack], null, ended, NOW + 10)).toEqual([])
    expect(isIdle(limitBack, ended, NOW + 10)).toBe(true)
  })
})

describe('what a step touches', () => {
  const facts = (more: Partial<DirectoryRows>) => factOf(off('corridor', 'TH>CN'), rows(more))

  it('is the same as long as nobody has touched it', () => {
    expect(facts({ switches: [closed] })).toBe(facts({ version: 8, switches: [{ ...closed }] }))
    const others = new Set([
      facts({}),
      facts({ switches: [closed] }),
      facts({ switches: [{ ...closed, until: null }] }),
      facts({ switches: [{ ...closed, reason: 'test' }] }),
    ])
    expect(others.size).toBe(4)
    expect(facts({ switches: [{ ...closed, name: 'CN>TH' }] })).toBe(facts({}))
  })

  it('is another once a limit has another row', () => {
    const one = factOf(set('1'), limited)
    expect(factOf(set('2'), limited)).toBe(one)
    const next = { ...limit, from: NOW + 20, value: 900n }
    expect(factOf(set('1'), { ...limited, limits: [...(limited.limits ?? []), next] })).not.toBe(
      one,
    )
  })

  it('may be nothing at all', () => {
    expect(isIdle(on('corridor', 'TH>CN'), rows(), NOW)).toBe(true)
    expect(isIdle(on('corridor', 'TH>CN'), rows({ switches: [closed] }), NOW)).toBe(false)
    expect(isIdle(off('corridor', 'TH>CN'), rows(), NOW)).toBe(false)
    expect(isIdle(set('900'), limited, NOW + 10)).toBe(true)
    // What is announced would not come any more.
    expect(isIdle(set('500'), limited, NOW)).toBe(false)
  })
})

describe('the steps back', () => {
  const back = (step: Step, on: DirectoryRows, now = NOW) => stepsBack([step], on, now)

  it('open what was open, and put back what was closed as it was', () => {
    expect(back(off('corridor', 'TH>CN'), rows())).toEqual([on('corridor', 'TH>CN')])
    const was = rows({ switches: [closed] })
    const restored = { kind: 'restore_switch', row: closed }
    expect(back(off('corridor', 'TH>CN'), was)).toEqual([restored])
    expect(back(on('corridor', 'TH>CN'), was)).toEqual([restored])
  })

  it('do not bring back what has ended meanwhile', () => {
    const was = rows({ switches: [closed] })
    expect(back(on('corridor', 'TH>CN'), was, NOW + 5_000)).toEqual([on('corridor', 'TH>CN')])
  })

  it('set a limit to what it was', () => {
    const next = [{ from: NOW + 10, value: '900' }]
    expect(back(set('7'), limited)).toEqual([{ ...set('500'), next }])
    const none = { next: [] }
    expect(back({ ...set('7'), next } as Step, limited, NOW + 10)).toEqual([
      { ...set('900'), ...none },
    ])
    expect(back(set('7', { kind: 'count_day' }), limited)).toEqual([
      { ...set(null, { kind: 'count_day' }), ...none },
    ])
  })

  it('bring back a center, its pin and its lanes as they were', () => {
    const hk = { id: 'hk', number: 1, locationHint: 'apac', pinned: true }
    const epoch = { institution: 'wallet-th', from: 0, center: 'hk' }
    const was = rows({
      centers: [hk, { ...hk, id: 'sg', status: 'down' }],
      epochs: [
        { ...epoch, epoch: 2, lanes: 8 },
        { ...epoch, epoch: 1, lanes: 4 },
      ],
    })
    expect(back({ kind: 'drain_center', center: 'hk' }, was)).toEqual([
      { kind: 'return_center', center: 'hk' },
    ])
    expect(back({ kind: 'return_center', center: 'sg' }, was)).toEqual([
      { kind: 'lose_center', center: 'sg' },
    ])
    const pin = { kind: 'pin_center', center: 'hk', pinned: true } as const
    expect(back({ ...pin, pinned: false }, was)).toEqual([pin])
    const lanes = { kind: 'set_lanes', institution: 'wallet-th', lanes: 8 } as const
    expect(back({ ...lanes, lanes: 16 }, was)).toEqual([lanes])
    expect([isIdle(lanes, was, NOW), isIdle(pin, was, NOW)]).toEqual([true, true])
    expect(isIdle({ kind: 'return_center', center: 'hk' }, was, NOW)).toBe(true)
  })

  it('come last one first', () => {
    const steps = [off('family', 'qris'), off('corridor', 'TH>CN')]
    expect(stepsBack(steps, rows(), NOW)).toEqual([on('corridor', 'TH>CN'), on('family', 'qris')])
  })
})

it('an allowance is steered like a limit: what it is, whether it would change, and the way back', () => {
  expect(factOf(may('1'), limited)).toBe(
    'allowance *>CN year: 900 from 1000000010, 500 from 999999990, 1000 from 0',
  )
  expect(factOf(may('1', 'single'), limited)).toBe('allowance *>CN single: none, none')
  expect([may('900'), may('901')].map(step => isIdle(step, limited, NOW + 10))).toEqual([
    true,
    false,
  ])
  expect(stepsBack([may('1'), may('1', 'single')], limited, NOW)).toEqual([
    { ...may(null, 'single'), next: [] },
    { ...may('500'), next: [{ from: NOW + 10, value: '900' }] },
  ])
})
