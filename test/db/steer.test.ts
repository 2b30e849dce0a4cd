/** Steering over the real SQL: directory, change and audit entry together or not at all, whoever comes at the same time. */
import { beforeEach, describe, expect, it } from 'vitest'
import { auditHead, listAudit, record, verifyAudit } from '../../src/db/audit.ts'
import { listChanges, readChange } from '../../src/db/change.ts'
import { changeDirectory, readDirectory, readDirectoryVersion } from '../../src/db/directory.ts'
import { putCenter, putRate } from '../../src/db/directory-change.ts'
import { ask, type Desk, decideAbout, takeBack } from '../../src/db/steer.ts'
import { AUDIT_START, type Deed } from '../../src/domain/audit.ts'
import { PROPOSAL_LIFE_MS, type Wish } from '../../src/domain/change.ts'
import { type Plan, runOf } from '../../src/domain/plan.ts'
import { openD1 } from './d1.ts'
import { NOW, network, terms } from './network.ts'

let d1: D1Database
let sqlite: ReturnType<typeof openD1>['sqlite']
beforeEach(async () => {
  ;({ d1, sqlite } = openD1('directory'))
  await changeDirectory(d1, 0, network, terms)
})

const desk = (id = 'mei', now = NOW): Desk => ({
  db: d1,
  by: { id, name: id },
  roles: ['operator'],
  request: 'request-1',
  now: () => now,
  sandbox: false,
  tell: () => undefined,
  felt: () => undefined,
  before: async () => ({ by: Number.POSITIVE_INFINITY, untold: [] }),
  order: async () => ({ told: ['sg', 'fra'], untold: [] }),
})
const wish = (more: Partial<Wish> = {}): Wish => ({
  id: 'w1',
  steps: [{ kind: 'switch_off', subject: 'institution', name: 'wallet-th' }],
  reason: 'keys leaked',
  until: null,
  lastsMs: null,
  plan: null,
  undoOf: null,
  ...more,
})
const lift = wish({
  id: 'w2',
  steps: [{ kind: 'switch_off', subject: 'family', name: 'qris' }],
  until: NOW + 60_000,
})
const switches = async () => (await readDirectory(d1)).switches
const trail = async () =>
  (await listAudit(d1, { before: 1e15, limit: 100 })).entries
    .map(({ action, by, outcome }) => `${action} ${by.id} ${outcome}`)
    .toReversed()

describe('a change for one person', () => {
  it('is in the directory, on record and in the chain', async () => {
    expect(await ask(desk(), lift, null)).toMatchObject({
      value: { status: 'applied', version: 2 },
    })
    expect(await switches()).toEqual([
      { subject: 'family', name: 'qris', reason: 'keys leaked', until: NOW + 60_000 },
    ])
    expect(await readChange(d1, 'w2')).toMatchObject({ status: 'applied', by: { id: 'mei' } })
    expect(await trail()).toEqual(['change.apply mei done'])
  })

  it('asked for again is the same change; another one under its id is refused', async () => {
    await ask(desk(), lift, null)
    expect(await ask(desk('somchai', NOW + 9), lift, null)).toMatchObject({
      value: { by: { id: 'mei' }, version: 2 },
    })
    expect(await ask(desk(), { ...lift, reason: 'another' }, null)).toMatchObject({
      refusal: { code: 'REPEAT_REQ_INCONSISTENT' },
    })
    expect(await readDirectoryVersion(d1)).toBe(2)
  })

  it('is made once however often it is asked for at the same time', async () => {
    const asked = await Promise.all(Array.from({ length: 6 }, () => ask(desk(), lift, null)))
    expect(asked.map(each => each.ok)).toEqual(Array(6).fill(true))
    expect(await readDirectoryVersion(d1)).toBe(2)
    expect(await trail()).toEqual(['change.apply mei done'])
  })

  it('goes on while rates move under it', async () => {
    const rate = {
      provider: 'fx-one',
      base: 'CNY',
      counter: 'THB',
      value: '4.9748',
      markupBp: 30,
      asOf: NOW,
      goodForMs: 60_000,
    }
    const moving = (async () => {
      for (let version = 1; version < 4; version += 1) {
        await changeDirectory(d1, await readDirectoryVersion(d1), [putRate(rate)], terms)
      }
    })()
    expect(await ask(desk(), lift, null)).toMatchObject({ ok: true })
    await moving
    expect(await switches()).toHaveLength(1)
  })

  it('that cannot be made says why, and leaves nothing', async () => {
    const steps = [{ kind: 'switch_off', subject: 'institution', name: 'nobody' }] as const
    expect(await ask(desk(), wish({ steps }), null)).toMatchObject({
      refusal: { code: 'CHANGE_INVALID', detail: { fields: [{ pointer: '/steps/0' }] } },
    })
    expect(await readChange(d1, 'w1')).toBeNull()
    expect(await readDirectoryVersion(d1)).toBe(1)
  })

  it('made on another sight of things is refused', async () => {
    expect(await ask(desk(), lift, ['family qris: off until null, test'])).toMatchObject({
      refusal: { code: 'CHANGE_MOVED' },
    })
  })

  it('of many steps happens whole', async () => {
    const steps = ['unionpay', 'qris', 'nothing-of-the-kind'].map(
      name => ({ kind: 'switch_off', subject: 'family', name }) as const,
    )
    expect(await ask(desk(), { ...lift, steps }, null)).toMatchObject({
      refusal: { code: 'CHANGE_INVALID' },
    })
    expect(await switches()).toEqual([])
  })
})

describe('a change for two', () => {
  it('waits, and is made by the approval of somebody else', async () => {
    expect(await ask(desk(), wish(), null)).toMatchObject({ value: { status: 'proposed' } })
    expect(await switches()).toEqual([])
    expect(await decideAbout(desk('mei', NOW + 1), 'w1', 'approve')).toMatchObject({
      refusal: { code: 'SECOND_PERSON' },
    })
    expect(await switches()).toEqual([])
    expect(await decideAbout(desk('aisyah', NOW + 2), 'w1', 'approve')).toMatchObject({
      value: { status: 'applied', version: 2, decidedBy: { id: 'aisyah' } },
    })
    expect(await switches()).toMatchObject([{ name: 'wallet-th', reason: 'keys leaked' }])
    expect(await trail()).toEqual(['change.propose mei done', 'change.approve aisyah done'])
  })

  it('is approved once, and not after it was rejected, withdrawn or left too long', async () => {
    await ask(desk(), wish(), null)
    const both = await Promise.all(
      ['aisyah', 'lena'].map(who => decideAbout(desk(who), 'w1', 'approve')),
    )
    expect(both.filter(each => each.ok)).toHaveLength(1)
    for (const verb of ['reject', 'withdraw'] as const) {
      await ask(desk(), wish({ id: verb }), null)
    }
    // The member is off already, so what these two touch has moved; deciding against them is still possible.
    await decideAbout(desk('aisyah'), 'reject', 'reject')
    await decideAbout(desk('mei'), 'withdraw', 'withdraw')
    for (const id of ['w1', 'reject', 'withdraw']) {
      expect(await decideAbout(desk('lena'), id, 'approve')).toMatchObject({
        refusal: { code: 'CHANGE_NOT_OPEN' },
      })
    }
    await ask(desk(), wish({ id: 'late' }), null)
    const late = await decideAbout(desk('lena', NOW + PROPOSAL_LIFE_MS), 'late', 'approve')
    expect(late).toMatchObject({ refusal: { code: 'CHANGE_NOT_OPEN' } })
    expect(await decideAbout(desk(), 'nothing', 'approve')).toMatchObject({
      refusal: { code: 'CHANGE_NOT_EXIST' },
    })
  })
})

describe('how long a change lasts', () => {
  const MINUTE_MS = 60_000
  const closed = wish({
    id: 'c1',
    steps: [{ kind: 'switch_off', subject: 'family', name: 'qris' }],
    lastsMs: 20 * MINUTE_MS,
  })
  const untilOf = async () => (await switches())[0]?.until

  it('is counted from when it is made, and asked for again it is the same', async () => {
    expect(await ask(desk('mei', NOW), closed, null)).toMatchObject({
      value: { status: 'applied', until: NOW + 20 * MINUTE_MS, version: 2 },
    })
    expect(await ask(desk('mei', NOW + 7), closed, null)).toMatchObject({
      value: { until: NOW + 20 * MINUTE_MS, version: 2 },
    })
    const longer = { ...closed, lastsMs: 21 * MINUTE_MS }
    expect(await ask(desk('mei', NOW + 7), longer, null)).toMatchObject({
      refusal: { code: 'REPEAT_REQ_INCONSISTENT' },
    })
    expect(await untilOf()).toBe(NOW + 20 * MINUTE_MS)
  })

  it('is nothing that an approval takes from', async () => {
    const steps = [{ kind: 'switch_off', subject: 'scenario', name: 'inbound' }] as const
    const late = NOW + PROPOSAL_LIFE_MS - 1
    expect(await ask(desk('mei', NOW), { ...closed, steps }, null)).toMatchObject({
      value: { status: 'proposed', until: null },
    })
    expect(await decideAbout(desk('aisyah', late), 'c1', 'approve')).toMatchObject({
      value: { status: 'applied', until: late + 20 * MINUTE_MS },
    })
    expect(await untilOf()).toBe(late + 20 * MINUTE_MS)
    expect(await readChange(d1, 'c1')).toMatchObject({ until: late + 20 * MINUTE_MS })
    // Whoever has not heard of it and asks again hears of it.
    expect(await ask(desk('mei', late + 1), { ...closed, steps }, null)).toMatchObject({
      value: { status: 'applied' },
    })
  })

  it('to an instant, it lapses with that instant and is not approved any more', async () => {
    const until = NOW + 20 * MINUTE_MS
    await ask(desk('mei', NOW), wish({ until }), null)
    expect(await decideAbout(desk('aisyah', until), 'w1', 'approve')).toMatchObject({
      refusal: { code: 'CHANGE_NOT_OPEN', detail: { says: 'The change is expired.' } },
    })
    expect(await decideAbout(desk('aisyah', until - 1), 'w1', 'approve')).toMatchObject({
      value: { until },
    })
  })

  it('is nothing that lanes have', async () => {
    const drain = { ...closed, steps: [{ kind: 'drain_center', center: 'hk' }] as const }
    expect(await ask(desk(), drain, null)).toMatchObject({
      refusal: { code: 'CHANGE_INVALID', detail: { fields: [{ pointer: '/until' }] } },
    })
  })

  it('is what the plan says, and a run is the same whatever became of the plan', async () => {
    const by = { id: 'mei', name: 'mei' }
    const plan: Plan = {
      ...{ name: 'stop', title: 'Stop', steps: closed.steps, minutes: 30 },
      ...{ revision: 1, savedBy: by, savedAt: NOW, rehearsal: null },
    }
    const run = (now: number, more: Partial<Plan> = {}, reason = 'attack') =>
      ask(desk('mei', now), runOf({ ...plan, ...more }, 'r1', reason), null)
    const until = NOW + 30 * MINUTE_MS
    expect(await run(NOW)).toMatchObject({ value: { until, plan: 'stop', version: 2 } })
    expect(await run(NOW + 9)).toMatchObject({ value: { until, version: 2 } })
    expect(await run(NOW + 9, { minutes: 5 })).toMatchObject({ value: { until, version: 2 } })
    for (const other of [run(NOW, { name: 'other' }), run(NOW, {}, 'another')]) {
      expect(await other).toMatchObject({ refusal: { code: 'REPEAT_REQ_INCONSISTENT' } })
    }
  })

  it('is not said by changes that are older than the question', async () => {
    await ask(desk(), wish(), null)
    sqlite.exec("UPDATE changes SET body = json_remove(body, '$.lastsMs')")
    expect(await readChange(d1, 'w1')).toMatchObject({ lastsMs: null })
    expect((await listChanges(d1, { after: null, limit: 9 })).changes[0]?.lastsMs).toBeNull()
    expect(await ask(desk(), wish(), null)).toMatchObject({ value: { status: 'proposed' } })
  })
})

describe('stopping a corridor or a family', () => {
  const MINUTE_MS = 60_000
  const HOUR_MS = 60 * MINUTE_MS
  const DAY_MS = 24 * HOUR_MS
  let made = 0
  const stop = (now: number, lastsMs: number | null, name = 'qris', who = 'mei') => {
    made += 1
    const steps = [{ kind: 'switch_off', subject: 'family', name }] as const
    return ask(desk(who, now), wish({ id: `s${made}`, steps, lastsMs }), null)
  }
  const open = (now: number) => {
    made += 1
    const steps = [{ kind: 'switch_on', subject: 'family', name: 'qris' }] as const
    return ask(desk('somchai', now), wish({ id: `s${made}`, steps }), null)
  }
  const alone = { value: { status: 'applied', dangers: [] } }
  const forTwo = { value: { status: 'proposed', dangers: ['stops_for_long'] } }

  it('is for one person for an hour a day, however it is cut', async () => {
    expect(await stop(NOW, 25 * MINUTE_MS)).toMatchObject(alone)
    // Somebody opens it before its end, and it has been off for no longer.
    expect(await open(NOW + 10 * MINUTE_MS)).toMatchObject(alone)
    expect(await stop(NOW + 2 * HOUR_MS, 51 * MINUTE_MS)).toMatchObject(forTwo)
    expect(await stop(NOW + 2 * HOUR_MS, 50 * MINUTE_MS, 'qris', 'lena')).toMatchObject(alone)
    // It has ended by itself.
    expect(await stop(NOW + 4 * HOUR_MS, MINUTE_MS)).toMatchObject(forTwo)
    expect(await stop(NOW + 4 * HOUR_MS, HOUR_MS, 'vietqr')).toMatchObject(alone)
    // Yesterday is forgotten.
    expect(await stop(NOW + DAY_MS + HOUR_MS, 10 * MINUTE_MS)).toMatchObject(alone)
  })

  it('is not made longer by one person while it lasts', async () => {
    await stop(NOW, HOUR_MS)
    expect(await stop(NOW + 59 * MINUTE_MS, 2 * MINUTE_MS)).toMatchObject(forTwo)
    expect(await stop(NOW + 59 * MINUTE_MS, MINUTE_MS)).toMatchObject(alone)
  })

  it('that was taken back has been off until then', async () => {
    const first = await stop(NOW, HOUR_MS)
    if (!first.ok) throw new Error('must be made')
    const undoing = { id: 'u1', reason: 'a mistake' }
    await takeBack(desk('lena', NOW + 30 * MINUTE_MS), first.value.id, undoing)
    expect(await stop(NOW + HOUR_MS, 31 * MINUTE_MS)).toMatchObject(forTwo)
    expect(await stop(NOW + HOUR_MS, 30 * MINUTE_MS)).toMatchObject(alone)
  })

  it('that two have agreed on is opened before its end by two, even in its last hour', async () => {
    const asked = await stop(NOW, 3 * HOUR_MS)
    expect(asked).toMatchObject(forTwo)
    if (!asked.ok) throw new Error('must be proposed')
    await decideAbout(desk('aisyah', NOW), asked.value.id, 'approve')
    expect(await switches()).toMatchObject([{ name: 'qris', byTwo: true }])
    const late = NOW + 3 * HOUR_MS - MINUTE_MS
    const opening = await open(late)
    expect(opening).toMatchObject({ value: { status: 'proposed', dangers: ['reopens_early'] } })
    if (!opening.ok) throw new Error('must be proposed')
    await decideAbout(desk('aisyah', late), opening.value.id, 'approve')
    expect(await switches()).toEqual([])
  })

  it('more often in a day than anybody looks at, is for two', async () => {
    const step = { kind: 'switch_off', subject: 'family', name: 'qris' }
    const body = JSON.stringify({ until: NOW - 1, steps: Array(50).fill(step) })
    for (let each = 0; each < 21; each += 1) {
      sqlite
        .prepare("INSERT INTO changes (id, at, status, body) VALUES (?, ?, 'applied', ?)")
        .run(`many-${each}`, NOW - 2, body)
    }
    expect(await stop(NOW, MINUTE_MS)).toMatchObject(forTwo)
  })
})

describe('taking back', () => {
  it('puts back what there was, once, and is a change itself', async () => {
    await ask(desk(), lift, null)
    const undone = await takeBack(desk('somchai', NOW + 5), 'w2', {
      id: 'u1',
      reason: 'false alarm',
    })
    expect(undone).toMatchObject({ value: { status: 'applied', undoOf: 'w2', version: 3 } })
    expect(await switches()).toEqual([])
    expect(await readChange(d1, 'w2')).toMatchObject({ status: 'undone', undoneBy: 'u1' })
    expect(await takeBack(desk(), 'w2', { id: 'u1', reason: 'false alarm' })).toMatchObject({
      value: { id: 'u1' },
    })
    expect(await takeBack(desk(), 'w2', { id: 'u2', reason: 'again' })).toMatchObject({
      refusal: { code: 'CHANGE_NOT_OPEN' },
    })
    // And taking back can be taken back.
    expect(
      await takeBack(desk('mei', NOW + 9), 'u1', { id: 'u3', reason: 'no, it was real' }),
    ).toMatchObject({ ok: true })
    expect(await switches()).toMatchObject([{ name: 'qris', until: NOW + 60_000 }])
    expect(await trail()).toEqual([
      'change.apply mei done',
      'change.undo somchai done',
      'change.undo mei done',
    ])
  })

  it('of a dangerous change takes a second person after an hour', async () => {
    await ask(desk(), wish(), null)
    await decideAbout(desk('aisyah'), 'w1', 'approve')
    const later = NOW + 3_600_000
    expect(
      await takeBack(desk('mei', later), 'w1', { id: 'u1', reason: 'new keys' }),
    ).toMatchObject({
      value: { status: 'proposed', dangers: ['reopens_member', 'undoes_late'] },
    })
    expect(await switches()).toHaveLength(1)
    expect(await decideAbout(desk('aisyah', later + 1), 'u1', 'approve')).toMatchObject({
      ok: true,
    })
    expect(await switches()).toEqual([])
    expect(await readChange(d1, 'w1')).toMatchObject({ status: 'undone', undoneBy: 'u1' })
  })

  it('of a raise that was taken back takes two again, and ends when the raise would have', async () => {
    const limit = { institution: 'wallet-th', scope: '*', kind: 'value_day' } as const
    const HOUR_MS = 3_600_000
    const valueAt = async (now: number) => {
      const { limits = [] } = await readDirectory(d1)
      return limits.filter(row => row.from <= now).toSorted((a, b) => b.from - a.from)[0]?.value
    }
    const set = (id: string, value: string, lastsMs: number | null = null) =>
      wish({ id, steps: [{ kind: 'set_limit', limit, value }], lastsMs })
    await ask(desk('mei', NOW), set('l0', '1000'), null)
    const until = NOW + 1 + HOUR_MS
    expect(await ask(desk('mei', NOW + 1), set('l1', '9000', HOUR_MS), null)).toMatchObject({
      value: { status: 'proposed', dangers: ['raises_limit'] },
    })
    await decideAbout(desk('aisyah', NOW + 1), 'l1', 'approve')
    expect([await valueAt(NOW + 1), await valueAt(until)]).toEqual([9_000n, 1_000n])

    // The alarm was false, or was it not: whoever sees it first takes it back alone.
    const first = await takeBack(desk('lena', NOW + 2), 'l1', { id: 'u1', reason: 'a mistake' })
    expect(first).toMatchObject({ value: { status: 'applied', dangers: [] } })
    expect([await valueAt(NOW + 2), await valueAt(until)]).toEqual([1_000n, 1_000n])

    const asked = await takeBack(desk('lena', NOW + 3), 'u1', { id: 'u2', reason: 'no mistake' })
    expect(asked).toMatchObject({ value: { status: 'proposed', dangers: ['raises_limit'] } })
    expect(await valueAt(NOW + 3)).toBe(1_000n)
    expect(await decideAbout(desk('lena', NOW + 4), 'u2', 'approve')).toMatchObject({
      refusal: { code: 'SECOND_PERSON' },
    })
    expect(await decideAbout(desk('mei', NOW + 5), 'u2', 'approve')).toMatchObject({ ok: true })
    expect([await valueAt(NOW + 5), await valueAt(until)]).toEqual([9_000n, 1_000n])
    expect(await readChange(d1, 'u1')).toMatchObject({ status: 'undone', undoneBy: 'u2' })
  })

  it('of a raise that was taken back brings nothing back once the raise would have ended', async () => {
    const limit = { institution: 'wallet-th', scope: '*', kind: 'value_day' } as const
    const set = (id: string, value: string, lastsMs: number | null = null) =>
      wish({ id, steps: [{ kind: 'set_limit', limit, value }], lastsMs })
    await ask(desk('mei', NOW), set('l0', '1000'), null)
    await ask(desk('mei', NOW + 1), set('l1', '9000', 60_000), null)
    await decideAbout(desk('aisyah', NOW + 1), 'l1', 'approve')
    await takeBack(desk('lena', NOW + 2), 'l1', { id: 'u1', reason: 'a mistake' })
    const weeks = NOW + 30 * 86_400_000
    await takeBack(desk('lena', weeks), 'u1', { id: 'u2', reason: 'weeks later' })
    const { limits = [] } = await readDirectory(d1)
    expect(limits.toSorted((a, b) => b.from - a.from)[0]).toMatchObject({ value: 1_000n })
  })

  it('of what let a member in again cuts it off with two only', async () => {
    await ask(desk(), wish(), null)
    await decideAbout(desk('aisyah'), 'w1', 'approve')
    await takeBack(desk('mei', NOW + 1), 'w1', { id: 'u1', reason: 'new keys' })
    const again = await takeBack(desk('aisyah', NOW + 2), 'u1', { id: 'u2', reason: 'old keys' })
    expect(again).toMatchObject({ value: { status: 'proposed', dangers: ['cuts_off_member'] } })
    expect(await switches()).toEqual([])
    await decideAbout(desk('mei', NOW + 3), 'u2', 'approve')
    expect(await switches()).toMatchObject([{ name: 'wallet-th', reason: 'keys leaked' }])
  })

  it('of an opening leaves open what would have ended meanwhile', async () => {
    await ask(desk('mei', NOW), lift, null)
    const steps = [{ kind: 'switch_on', subject: 'family', name: 'qris' }] as const
    await ask(desk('mei', NOW + 1), wish({ id: 'o1', steps }), null)
    const back = await takeBack(desk('mei', NOW + 60_000), 'o1', { id: 'u1', reason: 'too soon' })
    expect(back).toMatchObject({ value: { status: 'applied' } })
    expect(await switches()).toEqual([])
  })

  it('of a limit brings back the value that was in force', async () => {
    const limit = { institution: 'wallet-th', scope: '*', kind: 'value_day' } as const
    const valueAt = async (now: number) => {
      const { limits = [] } = await readDirectory(d1)
      return limits.filter(row => row.from <= now).toSorted((a, b) => b.from - a.from)[0]?.value
    }
    await ask(
      desk('mei', NOW),
      wish({ id: 'l1', steps: [{ kind: 'set_limit', limit, value: '1000' }] }),
      null,
    )
    const lower = wish({
      id: 'l2',
      steps: [{ kind: 'set_limit', limit, value: '200' }],
      until: NOW + 60_000,
    })
    expect(await ask(desk('mei', NOW + 1_000), lower, null)).toMatchObject({
      value: { status: 'applied' },
    })
    expect([await valueAt(NOW + 999), await valueAt(NOW + 1_000)]).toEqual([1_000n, 200n])
    // It comes back by itself, or before that by hand.
    expect(await valueAt(NOW + 60_000)).toBe(1_000n)
    await takeBack(desk('mei', NOW + 2_000), 'l2', { id: 'u1', reason: 'enough' })
    expect([await valueAt(NOW + 1_999), await valueAt(NOW + 2_000)]).toEqual([200n, 1_000n])
    expect(await valueAt(NOW + 60_000)).toBe(1_000n)
  })

  it('of what a person may pay does so too, and to raise it takes two', async () => {
    const allowance = { corridor: '*>CN', kind: 'year' } as const
    const set = (value: string, more = {}) =>
      wish({ id: `a${value}`, steps: [{ kind: 'set_allowance', allowance, value }], ...more })
    const valueAt = async (now: number) => {
      const { allowances = [] } = await readDirectory(d1)
      return allowances.filter(row => row.from <= now).toSorted((a, b) => b.from - a.from)[0]?.value
    }
    const status = async (now: number, wanted: ReturnType<typeof wish>) => {
      const asked = await ask(desk('mei', now), wanted, null)
      return asked.ok ? asked.value.status : asked.refusal.code
    }
    expect(await status(NOW, set('1000'))).toBe('proposed')
    expect(await decideAbout(desk('aisyah', NOW + 1), 'a1000', 'approve')).toMatchObject({
      ok: true,
    })
    expect(await status(NOW + 1_000, set('10', { until: NOW + 60_000 }))).toBe('applied')
    expect([await valueAt(NOW + 999), await valueAt(NOW + 1_000)]).toEqual([1_000n, 10n])
    expect(await valueAt(NOW + 60_000)).toBe(1_000n)
    expect(await status(NOW + 2_000, set('2000'))).toBe('proposed')
    await takeBack(desk('mei', NOW + 3_000), 'a10', { id: 'u1', reason: 'enough' })
    expect([await valueAt(NOW + 3_000), await valueAt(NOW + 60_000)]).toEqual([1_000n, 1_000n])
  })
})

describe('a center', () => {
  const drain = wish({ id: 'd1', steps: [{ kind: 'drain_center', center: 'hk' }] })
  const centerOf = async (institution: string) => {
    const { epochs } = await readDirectory(d1)
    return epochs.filter(each => each.institution === institution).at(-1)?.center
  }
  beforeEach(async () => {
    const sg = putCenter({ id: 'sg', number: 2, locationHint: 'apac' })
    await changeDirectory(d1, await readDirectoryVersion(d1), [sg], terms)
  })

  it('is drained by two, and its lanes come back with one word', async () => {
    expect(await ask(desk(), drain, null)).toMatchObject({ value: { dangers: ['moves_center'] } })
    expect(await centerOf('wallet-th')).toBe('hk')
    expect(await decideAbout(desk('aisyah'), 'd1', 'approve')).toMatchObject({ ok: true })
    expect(await centerOf('wallet-th')).toBe('sg')
    const back = await takeBack(desk('mei', NOW + 60_000), 'd1', { id: 'u1', reason: 'done' })
    expect(back).toMatchObject({ value: { status: 'applied' } })
    expect(await centerOf('wallet-th')).toBe('hk')
    expect((await readDirectory(d1)).centers).toMatchObject([
      { id: 'hk', status: 'up' },
      { id: 'sg' },
    ])
    // To drain it once more is to drain it, whatever it is called.
    const again = await takeBack(desk('mei', NOW + 61_000), 'u1', { id: 'u2', reason: 'not done' })
    expect(again).toMatchObject({ value: { status: 'proposed', dangers: ['moves_center'] } })
    expect(await centerOf('wallet-th')).toBe('hk')
  })

  describe('that cannot be told', () => {
    const ordered: string[] = []
    const deaf = (more: Partial<Desk> = {}): Desk => ({
      ...desk('aisyah'),
      before: async () => ({ by: Number.POSITIVE_INFINITY, untold: ['hk'] }),
      async order(center) {
        ordered.push(center)
        return { told: ['sg', 'fra'], untold: [] }
      },
      ...more,
    })
    beforeEach(() => ordered.splice(0))

    it('keeps its lanes, because it may still trust them', async () => {
      await ask(desk(), drain, null)
      const decided = await decideAbout(deaf(), 'd1', 'approve')
      expect(decided).toMatchObject({ refusal: { code: 'CENTER_UNAVAILABLE' } })
      expect(await centerOf('wallet-th')).toBe('hk')
      expect(await readChange(d1, 'd1')).toMatchObject({ status: 'proposed' })
      expect(ordered).toEqual([])
    })

    it('is for the others to give up where it is said to be lost, and that is on record', async () => {
      const lose = wish({ id: 'd1', steps: [{ kind: 'lose_center', center: 'hk' }] })
      await ask(desk(), lose, null)
      const decided = await decideAbout(deaf(), 'd1', 'approve')
      expect(decided).toMatchObject({ refusal: { code: 'CENTER_UNAVAILABLE' } })
      expect(await centerOf('wallet-th')).toBe('hk')
      expect(ordered).toEqual(['hk'])
      expect(await trail()).toEqual(['change.propose mei done', 'center.order aisyah done'])
    })

    it.each([
      [['fra'], ['sg'], 'done', 'fra was told to give it up; sg could not be told'],
      [[], ['sg', 'fra'], 'CENTER_UNAVAILABLE', 'no other center could be told'],
    ])(
      'is on record as given up by those who heard of it: %j',
      async (told, untold, outcome, says) => {
        const lose = wish({ id: 'd1', steps: [{ kind: 'lose_center', center: 'hk' }] })
        await ask(desk(), lose, null)
        const mute = deaf({ order: async () => ({ told, untold }) })
        const decided = await decideAbout(mute, 'd1', 'approve')
        const detail = { says: expect.stringContaining(says) }
        expect(decided).toMatchObject({ refusal: { code: 'CENTER_UNAVAILABLE', detail } })
        expect(await trail()).toEqual(['change.propose mei done', `center.order aisyah ${outcome}`])
      },
    )

    it('hinders nothing that leaves it alone', async () => {
      const limit = { institution: 'wallet-th', scope: '*', kind: 'per_second' } as const
      const slower = wish({ steps: [{ kind: 'set_limit', limit, value: '5' }] })
      expect(await ask(deaf(), slower, null)).toMatchObject({ value: { status: 'applied' } })
    })

    it('is not written about after the centers have begun to trust themselves again', async () => {
      await ask(desk(), drain, null)
      const late = deaf({ before: async () => ({ by: NOW, untold: [] }) })
      const decided = await decideAbout(late, 'd1', 'approve')
      expect(decided).toMatchObject({ refusal: { code: 'BUSY' } })
      expect(await centerOf('wallet-th')).toBe('hk')
    })
  })

  it('does not come back by itself, and is not drained where nobody can take over', async () => {
    const fieldsOf = async (more: Partial<Wish>) => {
      const asked = await ask(desk(), { ...drain, ...more }, null)
      return asked.ok ? [] : (asked.refusal.detail?.fields ?? [])
    }
    expect(await fieldsOf({ until: NOW + 60_000 })).toMatchObject([{ pointer: '/until' }])
    const all = ['hk', 'sg'].map(center => ({ kind: 'drain_center', center }) as const)
    expect(await fieldsOf({ steps: all })).toEqual([
      { pointer: '/steps/1', says: 'no other center is up' },
    ])
    expect(await fieldsOf({ steps: [{ kind: 'drain_center', center: 'xx' }] })).toHaveLength(1)
  })
})

describe('the list of changes', () => {
  it('is newest first, in pages', async () => {
    for (let made = 0; made < 5; made += 1) {
      await ask(desk('mei', NOW + made), wish({ id: `w${made}` }), null)
    }
    const first = await listChanges(d1, { after: null, limit: 3 })
    const rest = await listChanges(d1, { after: first.end, limit: 3 })
    expect([...first.changes, ...rest.changes].map(({ id }) => id)).toEqual([
      'w4',
      'w3',
      'w2',
      'w1',
      'w0',
    ])
    expect(rest.end).toBeNull()
    expect((await listChanges(d1, { status: 'applied', after: null, limit: 9 })).changes).toEqual(
      [],
    )
  })
})

describe('the audit chain', () => {
  const deed = (subject: string): Deed => ({
    at: NOW,
    by: { id: 'mei', name: 'Mei' },
    roles: ['operator'],
    action: 'payment.read',
    subject,
    outcome: 'done',
    detail: '{}',
    request: 'request-1',
  })

  it('has one place for each of many who write at once', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, each) => record(d1, deed(`p${each}`))))
    const head = await auditHead(d1)
    expect(head.seq).toBe(10)
    expect(await verifyAudit(d1, AUDIT_START)).toEqual({ ...head, fault: null, more: false })
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, sql: string, fault: object]>([
    ['a word is changed',        "UPDATE audit SET subject = 'px' WHERE seq = 3",                  { fault: 'hash', seq: 3 }],
    ['an outcome is changed',    "UPDATE audit SET outcome = 'ACCESS_DENIED' WHERE seq = 5",       { fault: 'hash', seq: 5 }],
    ['a person is changed',      "UPDATE audit SET actor = 'viet' WHERE seq = 1",                  { fault: 'hash', seq: 1 }],
    ['a time is changed',        'UPDATE audit SET at = at + 1 WHERE seq = 2',                     { fault: 'hash', seq: 2 }],
    ['a detail is changed',      "UPDATE audit SET detail = '{}x' WHERE seq = 4",                  { fault: 'hash', seq: 4 }],
    ['an entry is taken out',    'DELETE FROM audit WHERE seq = 4',                                { fault: 'gap', seq: 4 }],
    ['one is put in its place',  "UPDATE audit SET hash = printf('%064d', 1) WHERE seq = 4",       { fault: 'hash', seq: 4 }],
    ['one is put behind',        "INSERT INTO audit SELECT 9, at, actor, actor_name, roles, action, subject, outcome, detail, request, hash FROM audit WHERE seq = 6", { fault: 'gap', seq: 7 }],
  ])('tells when %s', async (_, sql, fault) => {
    for (let each = 0; each < 6; each += 1) await record(d1, deed(`p${each}`))
    sqlite.exec(sql)
    expect(await verifyAudit(d1, AUDIT_START)).toMatchObject({ fault })
  })

  it('is computed on from an entry that was kept', async () => {
    const third = [1, 2, 3].map(each => `p${each}`)
    for (const subject of third) await record(d1, deed(subject))
    const kept = await auditHead(d1)
    await record(d1, deed('p4'))
    // Whoever writes the beginning anew cannot make what was kept fit.
    sqlite.exec("UPDATE audit SET subject = 'px' WHERE seq = 1")
    expect(await verifyAudit(d1, kept)).toMatchObject({ seq: 4, fault: null })
    expect(await verifyAudit(d1, AUDIT_START)).toMatchObject({ fault: { fault: 'hash', seq: 1 } })
  })

  it('is not written where what it speaks of cannot be', async () => {
    await ask(desk(), wish(), null)
    const before = await auditHead(d1)
    await Promise.all([
      decideAbout(desk('aisyah'), 'w1', 'approve'),
      decideAbout(desk('lena'), 'w1', 'reject'),
    ])
    expect((await auditHead(d1)).seq).toBe(before.seq + 1)
    expect(await verifyAudit(d1, AUDIT_START)).toMatchObject({ fault: null })
  })

  it('is found in by who, what and how it ended', async () => {
    await record(d1, deed('p1'))
    await record(d1, {
      ...deed('p2'),
      by: { id: 'viet', name: 'V' },
      action: 'access.denied',
      outcome: 'ACCESS_DENIED',
    })
    const seqs = async (filter: object) =>
      (await listAudit(d1, { before: 1e15, limit: 10, ...filter })).entries.map(({ seq }) => seq)
    expect(await seqs({})).toEqual([2, 1])
    expect(await seqs({ actor: 'viet' })).toEqual([2])
    expect(await seqs({ action: 'payment.read' })).toEqual([1])
    expect(await seqs({ subject: 'p2' })).toEqual([2])
    expect(await seqs({ outcome: 'refused' })).toEqual([2])
    expect(await seqs({ outcome: 'done' })).toEqual([1])
    await record(d1, { ...deed('p3'), outcome: 'begun' })
    expect(await seqs({ outcome: 'begun' })).toEqual([3])
    expect(await seqs({ outcome: 'refused' })).toEqual([2])
    expect((await listAudit(d1, { before: 1e15, limit: 1 })).end).toBe(3)
    expect((await listAudit(d1, { before: 2, limit: 1 })).end).toBeNull()
  })
})
