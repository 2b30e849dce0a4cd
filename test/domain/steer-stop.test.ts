/** Stops: what switching takes a second person for, by what stands and by how long it has been off lately. */
import { describe, expect, it } from 'vitest'
import type { Switch } from '../../src/domain/directory.ts'
import {
  dangersOfSwitch,
  STOP_ALONE_MS,
  type StopDanger,
  type Switched,
  type SwitchStep,
  stoppedFor,
} from '../../src/domain/steer-stop.ts'

const NOW = 1_000_000_000
const MINUTE_MS = 60_000
const HOUR_MS = STOP_ALONE_MS
const corridor = { subject: 'corridor', name: 'TH>CN' } as const
const off: SwitchStep = { kind: 'switch_off', ...corridor }
const on: SwitchStep = { kind: 'switch_on', ...corridor }
const row = (lastsMs: number | null, more: Partial<Switch> = {}): Switch => ({
  ...corridor,
  reason: 'fraud',
  until: lastsMs === null ? null : NOW + lastsMs,
  ...more,
})
const back = (lastsMs: number | null, more?: Partial<Switch>): SwitchStep => ({
  kind: 'restore_switch',
  row: row(lastsMs, more),
})

describe('switching a corridor takes a second person', () => {
  const alone = row(10 * MINUTE_MS)
  const agreed = row(10 * MINUTE_MS, { byTwo: true })
  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, step: SwitchStep, lastsMs: number | null, stands: Switch | null, stoppedMs: number, want: readonly StopDanger[]]>([
    ['not to open what one has closed',            on,  null,           alone,        0,              []],
    ['to open what two have closed',               on,  null,           agreed,       0,              ['reopens_early']],
    ['to open what is closed for good',            on,  null,           row(null),    0,              ['reopens_early']],
    ['to open what is closed for long',            on,  null,           row(HOUR_MS + 1), 0,          ['reopens_early']],
    ['not to open what has ended',                 on,  null,           row(-1, { byTwo: true }), 0,  []],
    ['not to open what is open',                   on,  null,           null,         0,              []],
    ['to close it again for less than two did',    off, 9 * MINUTE_MS,  agreed,       0,              ['reopens_early']],
    ['not to close it again for as long',          off, 10 * MINUTE_MS, agreed,       0,              []],
    ['to close it again for good',                 off, null,           agreed,       0,              ['stops_for_long']],
    ['not to close it for what is left of an hour', off, 20 * MINUTE_MS, null, 40 * MINUTE_MS,        []],
    ['to close it for more than is left',          off, 20 * MINUTE_MS + 1, null, 40 * MINUTE_MS,     ['stops_for_long']],
    ['to close it for an hour more',               off, HOUR_MS,        alone,        50 * MINUTE_MS, ['stops_for_long']],
    ['not to put back a short stop',               back(HOUR_MS), null, null,         0,              []],
    ['to put back a long one',                     back(null),    null, null,         0,              ['stops_for_long']],
    ['to put back more than is left of an hour',   back(HOUR_MS), null, null,         1,              ['stops_for_long']],
    ['not to put back what has ended',             back(-1),      null, null,         HOUR_MS,        []],
    ['to open by it what two have closed',         back(-1),      null, agreed,       0,              ['reopens_early']],
  ])('%s', (_, step, lastsMs, stands, stoppedMs, want) => {
    const until = lastsMs === null ? null : NOW + lastsMs
    const switches = stands === null ? [] : [stands]
    const stopped = new Map([['corridor TH>CN', stoppedMs]])
    expect(dangersOfSwitch(step, until, { switches }, NOW, stopped)).toEqual(want)
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [subject: Switch['subject'], name: string, want: readonly StopDanger[], ended: readonly StopDanger[]]>([
    ['institution', 'wallet-th', ['cuts_off_member'], ['reopens_member']],
    ['scenario',    'inbound',   ['stops_scenario'],  ['reopens_scenario']],
    ['family',      'qris',      [],                  []],
  ])('to put back the stop of %s %s', (subject, name, want, ended) => {
    const step = (lastsMs: number) => back(lastsMs, { subject, name })
    const dangers = (lastsMs: number) =>
      dangersOfSwitch(step(lastsMs), null, { switches: [] }, NOW, new Map())
    expect([dangers(HOUR_MS), dangers(-1)]).toEqual([want, ended])
  })
})

describe('for how long it has been off', () => {
  const at = (minutes: number) => NOW + minutes * MINUTE_MS
  const closed = (from: number, until: number | null): Switched => ({
    ...corridor,
    at: at(from),
    until: until === null ? null : at(until),
  })
  const opened = (from: number): Switched => ({ ...corridor, at: at(from), until: at(from) })
  const minutes = (...switched: readonly Switched[]) =>
    (stoppedFor(switched, NOW).get('corridor TH>CN') ?? 0) / MINUTE_MS

  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, switched: readonly Switched[], want: number]>([
    ['nothing where nobody closed it',     [],                                                     0],
    ['all of what has ended',              [closed(-90, -60)],                                    30],
    ['what has passed of what has not',    [closed(-20, 40)],                                     20],
    ['until now, where it is for good',    [closed(-25, null)],                                   25],
    ['until it was opened',                [closed(-50, 10), opened(-45)],                         5],
    ['no minute twice that two closed',    [closed(-50, 10), closed(-20, 40)],                    50],
    ['all of them together',               [closed(-120, -60), closed(-59, -29), closed(-5, 5)],  95],
    ['in whatever order they come',        [closed(-5, 5), opened(-100), closed(-120, -60)],      25],
  ])('%s', (_, switched, want) => {
    expect(minutes(...switched)).toBe(want)
  })

  it('is counted for each by itself', () => {
    const other = { ...closed(-30, null), name: 'MY>CN' }
    const found = stoppedFor([closed(-10, null), other], NOW)
    expect([...found]).toEqual([
      ['corridor TH>CN', 10 * MINUTE_MS],
      ['corridor MY>CN', 30 * MINUTE_MS],
    ])
  })
})
