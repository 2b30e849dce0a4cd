/** The life of a change: who may decide what about it when, and when it can be taken back. */
import { describe, expect, it } from 'vitest'
import {
  applied,
  type Change,
  changeOf,
  type Doer,
  decide,
  PROPOSAL_LIFE_MS,
  type Standing,
  standingOf,
  UNDO_ALONE_MS,
  undo,
  type Wish,
} from '../../src/domain/change.ts'
import type { DirectoryRows } from '../../src/domain/directory.ts'
import { begun } from '../../src/domain/steer-begin.ts'

const T0 = 1_000_000_000
const mei: Doer = { id: 'mei@ops.example', name: 'Mei' }
const aisyah: Doer = { id: 'aisyah@ops.example', name: 'Aisyah' }
const rows: DirectoryRows = {
  version: 7,
  centers: [],
  institutions: [],
  keys: [],
  epochs: [],
  routes: [],
  corridors: [],
  rates: [],
  switches: [],
}
const off = { subject: 'institution', name: 'wallet-th' } as const
const wish: Wish = {
  id: 'w1',
  steps: [{ kind: 'switch_off', ...off }],
  reason: 'keys leaked',
  until: null,
  lastsMs: null,
  plan: null,
  undoOf: null,
}
const after = { ...rows, version: 8, switches: [{ ...off, reason: wish.reason, until: null }] }
const proposed = changeOf(wish, mei, [], rows, T0)
const made = applied({ ...proposed, decidedBy: aisyah, decidedAt: T0 + 5 }, rows, after, T0 + 5)
const codeOf = (result: ReturnType<typeof decide> | ReturnType<typeof undo>) =>
  result.ok ? 'ok' : result.refusal.code

describe('a change', () => {
  it('that is dangerous waits half an hour for somebody else', () => {
    expect(proposed).toMatchObject({
      status: 'proposed',
      dangers: ['cuts_off_member'],
      expiresAt: T0 + PROPOSAL_LIFE_MS,
    })
  })

  it('that is not is made at once', () => {
    const steps = [{ kind: 'switch_on', subject: 'family', name: 'qris' }] as const
    expect(changeOf({ ...wish, steps }, mei, [], rows, T0)).toMatchObject({
      status: 'applied',
      dangers: [],
      expiresAt: null,
    })
  })

  it('that is to end at an instant is not to be approved after it', () => {
    const until = T0 + 20 * 60_000
    expect(changeOf({ ...wish, until }, mei, [], rows, T0).expiresAt).toBe(until)
    const later = T0 + 40 * 60_000
    expect(changeOf({ ...wish, until: later }, mei, [], rows, T0).expiresAt).toBe(
      T0 + PROPOSAL_LIFE_MS,
    )
  })

  it('that is to last a while begins when it is made, however long it waited', () => {
    const lasting = changeOf({ ...wish, lastsMs: 20 * 60_000 }, mei, [], rows, T0)
    expect(lasting).toMatchObject({ until: null, expiresAt: T0 + PROPOSAL_LIFE_MS })
    const late = T0 + PROPOSAL_LIFE_MS - 1
    expect(begun(lasting, late).until).toBe(late + 20 * 60_000)
    expect(begun(proposed, late).until).toBeNull()
  })

  it('that lasts for an hour is as long as one that ends in an hour', () => {
    const steps = [{ kind: 'switch_off', subject: 'family', name: 'qris' }] as const
    const status = (lastsMs: number) =>
      changeOf({ ...wish, steps, lastsMs }, mei, [], rows, T0).status
    expect([status(3_600_000), status(3_600_001)]).toEqual(['applied', 'proposed'])
  })

  const later = {
    kind: 'set_limit',
    value: '1',
    from: T0 + 10,
    limit: { institution: 'wallet-th', scope: '*', kind: 'value_day' },
  } as const

  // biome-ignore format: a table is read by column
  it.each<readonly [change: Partial<Change>, now: number, want: Standing]>([
    [{},                                       T0 + PROPOSAL_LIFE_MS - 1, 'proposed'],
    [{},                                       T0 + PROPOSAL_LIFE_MS,     'expired'],
    [{ status: 'rejected' },                   T0 + PROPOSAL_LIFE_MS,     'rejected'],
    [{ status: 'applied', until: T0 + 9 },     T0 + 8,                    'applied'],
    [{ status: 'applied', until: T0 + 9 },     T0 + 9,                    'ended'],
    [{ status: 'applied' },                    T0 + 1e9,                  'applied'],
    [{ status: 'undone', until: T0 + 9 },      T0 + 9,                    'undone'],
    [{ steps: [later] },                       T0 + 9,                    'proposed'],
    [{ status: 'applied', steps: [later] },    T0 + 9,                    'announced'],
    [{ status: 'applied', steps: [later] },    T0 + 10,                   'applied'],
    [{ status: 'undone', steps: [later] },     T0 + 9,                    'undone'],
    [{ status: 'applied', steps: [later, ...wish.steps] }, T0 + 9,        'applied'],
  ])('with %o is at %s: %s', (more, now, want) => {
    expect(standingOf({ ...proposed, ...more }, now)).toBe(want)
  })
})

describe('a proposal', () => {
  // biome-ignore format: a table is read by column
  it.each<readonly [verb: 'approve' | 'reject' | 'withdraw', who: Doer, want: string]>([
    ['approve',  mei,    'SECOND_PERSON'],
    ['reject',   mei,    'SECOND_PERSON'],
    ['withdraw', mei,    'ok'],
    ['approve',  aisyah, 'ok'],
    ['reject',   aisyah, 'ok'],
    ['withdraw', aisyah, 'ACCESS_DENIED'],
    ['approve',  { id: mei.id, name: 'Somebody' }, 'SECOND_PERSON'],
  ])('%s by %o: %s', (verb, who, want) => {
    expect(codeOf(decide(proposed, verb, who, rows, T0 + 1))).toBe(want)
  })

  it.each(['approve', 'reject', 'withdraw'] as const)('is decided once: %s', verb => {
    for (const status of ['applied', 'rejected', 'withdrawn', 'undone'] as const) {
      expect(codeOf(decide({ ...proposed, status }, verb, aisyah, rows, T0 + 1))).toBe(
        'CHANGE_NOT_OPEN',
      )
    }
    const late = T0 + PROPOSAL_LIFE_MS
    expect(codeOf(decide(proposed, verb, aisyah, rows, late))).toBe('CHANGE_NOT_OPEN')
  })

  it('is approved for what was looked at only, and rejected whatever has become of it', () => {
    expect(codeOf(decide(proposed, 'approve', aisyah, after, T0 + 1))).toBe('CHANGE_MOVED')
    expect(codeOf(decide(proposed, 'reject', aisyah, after, T0 + 1))).toBe('ok')
    // What else happens in the directory is no matter of this change.
    expect(codeOf(decide(proposed, 'approve', aisyah, { ...rows, version: 99 }, T0 + 1))).toBe('ok')
  })
})

describe('taking a change back', () => {
  it('needs nobody else within an hour, and a second person after it', () => {
    const decided = T0 + 5
    expect(undo(made, after, decided + UNDO_ALONE_MS - 1)).toMatchObject({ value: { dangers: [] } })
    expect(undo(made, after, decided + UNDO_ALONE_MS)).toMatchObject({
      value: { dangers: ['reopens_member', 'undoes_late'] },
    })
  })

  it('that nobody else was asked for is judged after an hour as what it does', () => {
    const limit = { institution: 'wallet-th', scope: '*', kind: 'value_day' } as const
    const before = { ...rows, limits: [{ ...limit, from: 0, value: 1_000n }] }
    const lowered = {
      ...before,
      limits: [...before.limits, { ...limit, from: T0, value: 500n }],
    }
    const steps = [{ kind: 'set_limit', limit, value: '500' }] as const
    const alone = changeOf({ ...wish, steps }, mei, [], before, T0)
    expect(alone.dangers).toEqual([])
    const change = applied(alone, before, lowered, T0)
    expect(undo(change, lowered, T0 + UNDO_ALONE_MS - 1)).toMatchObject({ value: { dangers: [] } })
    expect(undo(change, lowered, T0 + UNDO_ALONE_MS)).toMatchObject({
      value: { dangers: ['raises_limit'] },
    })
  })

  it('that took one back is judged as what it does, at once', () => {
    const back = undo(made, after, T0 + 9)
    if (!back.ok) throw new Error('must be undone')
    const { steps, dangers } = back.value
    const undoing = { ...wish, id: 'u1', steps, undoOf: wish.id }
    const undone = applied(changeOf(undoing, mei, dangers, after, T0 + 9), after, rows, T0 + 9)
    expect(undone).toMatchObject({ status: 'applied', dangers: [] })
    expect(undo(undone, rows, T0 + 10)).toMatchObject({
      value: {
        steps: [{ kind: 'restore_switch', row: { ...off, reason: 'keys leaked' } }],
        dangers: ['cuts_off_member'],
      },
    })
  })

  it('puts back what there was', () => {
    expect(undo(made, after, T0 + 9)).toMatchObject({
      value: { steps: [{ kind: 'switch_on', ...off }] },
    })
  })

  it('is refused once somebody has changed the same again', () => {
    const moved = { ...after, switches: [{ ...off, reason: 'another', until: null }] }
    expect(codeOf(undo(made, moved, T0 + 9))).toBe('CHANGE_MOVED')
    expect(codeOf(undo(made, rows, T0 + 9))).toBe('CHANGE_MOVED')
  })

  it.each<readonly [name: string, change: Partial<Change>]>([
    ['was only proposed', { status: 'proposed' }],
    ['was rejected', { status: 'rejected' }],
    ['was taken back', { status: 'undone' }],
    ['has ended', { until: T0 + 6 }],
  ])('is refused where it %s', (_, more) => {
    expect(codeOf(undo({ ...made, ...more }, after, T0 + 9))).toBe('CHANGE_NOT_OPEN')
  })
})
