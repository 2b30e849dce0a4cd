/** Steering the network: what two people agree on is felt by the members within seconds, and can be taken back. */
import { beforeAll, describe, expect, it } from 'vitest'
import { centers } from '../../src/local/gateway.ts'
import { codeAt, newRequest, refusalOf, startNetwork, until } from './network.ts'
import { deskOf } from './ops.ts'
import { quoted } from './sale.ts'

const net = await startNetwork()
const operator = await deskOf(net, 'mei')
const colleague = await deskOf(net, 'somchai')
const both = await deskOf(net, 'lena')
const approver = await deskOf(net, 'aisyah')
const supervisor = await deskOf(net, 'regulator')
const viewer = await deskOf(net, 'viet')

const thai = net.client('wallet-th')
const quote = (client = thai) => client.quote({ ...newRequest('steer'), code: codeAt('cn-silk') })
/** What a wallet hears that asks for a quote: `ok`, or the refusal. */
const heard = async (client = thai): Promise<string> => {
  const asked = quote(client)
  return asked.then(
    () => 'ok',
    () => refusalOf(asked),
  )
}
/** Asks again and again: snapshots of the directory are at most five seconds old. */
const becomes = (want: string, client = thai) =>
  until(
    () => heard(client),
    said => said === want,
    30_000,
  )

let made = 0
const idOf = () => `story-change-${++made}`
const suspend = { kind: 'switch_off', subject: 'institution', name: 'wallet-th' }

beforeAll(async () => {
  expect(await heard()).toBe('ok')
})

describe('suspending a member', () => {
  it('takes two people, cuts the member off, and is taken back with one word', async () => {
    const preview = await until(
      () => operator.post('/changes/preview', { steps: [suspend] }),
      ({ body }) => body.faults.length === 0,
    )
    expect(preview.body).toMatchObject({
      needsApproval: true,
      dangers: ['cuts_off_member'],
      faults: [],
    })
    const id = idOf()
    const asked = { id, steps: [suspend], reason: 'keys leaked', basis: preview.body.basis }
    expect(await viewer.post('/changes', asked)).toMatchObject({ status: 403 })
    expect(await approver.post('/changes', asked)).toMatchObject({ status: 403 })
    expect(await supervisor.post('/changes', asked)).toMatchObject({ status: 403 })
    const proposed = await operator.post('/changes', asked)
    expect(proposed.body).toMatchObject({ status: 'proposed', may: ['withdraw'] })
    expect(await operator.post(`/changes/${id}/approve`)).toMatchObject({ status: 403 })
    expect(await colleague.post(`/changes/${id}/approve`)).toMatchObject({ status: 403 })
    expect(await heard()).toBe('ok')

    expect((await approver.get(`/changes/${id}`)).body).toMatchObject({
      may: ['approve', 'reject'],
    })
    const approved = await approver.post(`/changes/${id}/approve`)
    expect(approved.body).toMatchObject({
      status: 'applied',
      by: { id: 'mei@ops.example' },
      decidedBy: { id: 'aisyah@ops.example' },
    })
    expect(await becomes('MEMBER_SUSPENDED')).toBe('MEMBER_SUSPENDED')
    const { body } = await viewer.get('/institutions')
    const member = body.data.find((each: { id: string }) => each.id === 'wallet-th')
    expect(member).toMatchObject({ status: 'active', open: false, off: { reason: 'keys leaked' } })
    // Nobody else is touched.
    expect(await heard(net.client('wallet-my'))).toBe('ok')

    const undone = await colleague.post(`/changes/${id}/undo`, { id: idOf(), reason: 'new keys' })
    expect(undone.body).toMatchObject({ status: 'applied', undoOf: id })
    expect(await becomes('ok')).toBe('ok')
    expect((await operator.get(`/changes/${id}`)).body).toMatchObject({ status: 'undone' })
  })

  it('is nothing that one person brings back by taking back what took it back', async () => {
    const id = idOf()
    await operator.post('/changes', { id, steps: [suspend], reason: 'keys leaked', seconds: 600 })
    const looked = await approver.post(`/changes/${id}/preview`)
    expect(looked.body).toMatchObject({
      steps: [{ step: suspend, standing: { isOff: false } }],
      dangers: ['cuts_off_member'],
      missing: [],
    })
    expect((await approver.get(`/changes/${id}`)).body).toMatchObject({ until: null, seconds: 600 })
    const { body } = await approver.post(`/changes/${id}/approve`)
    // As long as it was asked for, from when it was agreed on.
    expect(Date.parse(body.until) - Date.parse(body.decidedAt)).toBeGreaterThanOrEqual(600_000)
    const undo = { id: idOf(), reason: 'new keys' }
    await approver.post(`/changes/${id}/undo`, undo)
    const again = { id: idOf(), reason: 'no, it was real' }
    expect((await approver.post(`/changes/${undo.id}/undo`, again)).body).toMatchObject({
      status: 'proposed',
      dangers: ['cuts_off_member'],
      steps: [{ kind: 'restore_switch', name: 'wallet-th', until: body.until }],
    })
    expect(await becomes('ok')).toBe('ok')
    expect((await colleague.post(`/changes/${again.id}/approve`)).status).toBe(403)
    const looking = await viewer.post(`/changes/${again.id}/preview`)
    expect(looking.body).toMatchObject({ faults: [], steps: [{ step: { until: body.until } }] })
    expect((await both.post(`/changes/${again.id}/reject`)).body.status).toBe('rejected')
    expect(await viewer.post('/changes/nothing/preview')).toMatchObject({ status: 404 })
  })

  it('ends once: after a time, or at an instant', async () => {
    const until = new Date(Date.now() + 60_000).toISOString()
    const twice = { steps: [suspend], until, seconds: 60 }
    expect(await operator.post('/changes/preview', twice)).toMatchObject({ status: 400 })
    expect(
      await operator.post('/changes', { ...twice, id: idOf(), reason: 'twice' }),
    ).toMatchObject({ status: 400, body: { errors: [{ pointer: '/seconds' }] } })
  })

  it('is nothing that one person with two roles does alone', async () => {
    const id = idOf()
    await both.post('/changes', { id, steps: [suspend], reason: 'alone' })
    expect(await both.post(`/changes/${id}/approve`)).toMatchObject({
      status: 403,
      body: { code: 'SECOND_PERSON' },
    })
    expect((await approver.post(`/changes/${id}/reject`)).body).toMatchObject({
      status: 'rejected',
    })
    expect(await approver.post(`/changes/${id}/approve`)).toMatchObject({
      status: 409,
      body: { code: 'CHANGE_NOT_OPEN' },
    })
  })
})

describe('closing', () => {
  it.each([
    ['a corridor', 'corridor', 'MY>CN', 'CORRIDOR_CLOSED'],
    ['a family of codes', 'family', 'unionpay', 'CODE_UNSUPPORTED'],
  ])(
    '%s for a while is one person’s to do, and ends by itself',
    async (_, subject, name, refusal) => {
      const malay = net.client('wallet-my')
      const step = { kind: 'switch_off', subject, name }
      // Long enough to be seen by whoever asks, however slow the machine.
      const until = new Date(Date.now() + 20_000).toISOString()
      const change = { id: idOf(), steps: [step], reason: 'drill', until }
      expect((await operator.post('/changes', change)).body).toMatchObject({
        status: 'applied',
        dangers: [],
      })
      expect(await becomes(refusal, malay)).toBe(refusal)
      expect(await becomes('ok', malay)).toBe('ok')
      expect((await operator.get(`/changes/${change.id}`)).body.status).toBe('ended')
    },
  )
})

describe('a corridor or a family that is closed', () => {
  it.each([
    ['corridor', 'MY>CN', 'CORRIDOR_CLOSED'],
    ['family', 'unionpay', 'CODE_UNSUPPORTED'],
    ['corridor', 'MY>CN', 'CORRIDOR_CLOSED'],
  ])(
    'is closed to a quote in hand as soon as lanes have heard: %s %s',
    async (subject, name, refusal) => {
      const malay = net.client('wallet-my')
      expect(await becomes('ok', malay)).toBe('ok')
      const wanted = { wallet: 'wallet-my', merchant: 'cn-rail' }
      const [paid, kept] = [await quoted(net, wanted), await quoted(net, wanted)]
      // Its lanes hold shares now.
      expect((await malay.pay(paid.order)).result).toBe('S')

      const recalled = () =>
        net.tape.said.filter(
          ({ fields }) => fields.log === 'recall' && fields.institution === 'wallet-my',
        ).length
      const before = recalled()
      const change = { id: idOf(), steps: [{ kind: 'switch_off', subject, name }], reason: 'fraud' }
      const minute = { ...change, seconds: 60 }
      expect((await operator.post('/changes', minute)).body.status).toBe('applied')
      const told = await until(
        async () => recalled() - before,
        count => count === centers.length,
      )
      expect(told).toBe(centers.length)
      expect(await refusalOf(malay.pay(kept.order))).toBe(refusal)
      await approver.post(`/changes/${change.id}/undo`, { id: idOf(), reason: 'over' })
    },
  )
})

describe('an emergency plan', () => {
  const steps = [
    { kind: 'switch_off', subject: 'scenario', name: 'inbound' },
    { kind: 'switch_off', subject: 'family', name: 'qris' },
  ]

  it('is saved, rehearsed without touching anything, run by two, and taken back whole', async () => {
    const plan = { title: 'Stop what comes in', steps, minutes: 30, revision: 0 }
    expect(await viewer.put('/plans/stop-inbound', plan)).toMatchObject({ status: 403 })
    expect((await operator.put('/plans/stop-inbound', plan)).body).toMatchObject({
      revision: 1,
      rehearsed: false,
    })
    expect(await colleague.put('/plans/stop-inbound', plan)).toMatchObject({ status: 409 })

    const rehearsed = await operator.post('/plans/stop-inbound/rehearse')
    expect(rehearsed.body).toMatchObject({
      plan: { rehearsed: true, rehearsal: { by: { id: 'mei@ops.example' }, ok: true } },
      preview: { needsApproval: true, dangers: ['stops_scenario'], faults: [] },
    })
    expect(
      (await viewer.get('/switches')).body.data.filter(
        (each: { inForce: boolean }) => each.inForce,
      ),
    ).toEqual([])

    const id = idOf()
    const asked = { id, reason: 'attack' }
    const run = await operator.post('/plans/stop-inbound/run', asked)
    expect(run.body).toMatchObject({ status: 'proposed', plan: 'stop-inbound', seconds: 1_800 })
    // Whoever has lost the answer asks again, and it is the same run.
    expect((await operator.post('/plans/stop-inbound/run', asked)).body).toEqual(run.body)
    expect((await approver.post(`/changes/${id}/approve`)).body).toMatchObject({
      status: 'applied',
    })
    expect(await becomes('CORRIDOR_CLOSED')).toBe('CORRIDOR_CLOSED')
    const { data } = (await viewer.get('/switches')).body as { data: Record<string, unknown>[] }
    expect(data.filter(({ inForce }) => inForce).map(({ name }) => name)).toEqual([
      'qris',
      'inbound',
    ])

    await approver.post(`/changes/${id}/undo`, { id: idOf(), reason: 'over' })
    expect(await becomes('ok')).toBe('ok')
  })

  it('whose network has gone is rehearsed in vain, and says why', async () => {
    const gone = [{ kind: 'switch_off', subject: 'corridor', name: 'XX>YY' }]
    await operator.put('/plans/gone', { title: 'Gone', steps: gone, minutes: null, revision: 0 })
    const rehearsed = await operator.post('/plans/gone/rehearse')
    expect(rehearsed.body).toMatchObject({
      plan: { rehearsed: false, rehearsal: { ok: false } },
      preview: { faults: [{ pointer: '/steps/0', says: 'name names one' }] },
    })
    expect(await operator.post('/plans/gone/run', { id: idOf(), reason: 'x' })).toMatchObject({
      status: 422,
      body: { code: 'CHANGE_INVALID' },
    })
  })
})

it('leaves a chain of everything that was done, and of what was not let do', async () => {
  const actions = new Set<string>()
  let cursor = ''
  do {
    const { body } = await supervisor.get(`/audit?limit=20${cursor}`)
    for (const { action, outcome } of body.data) actions.add(`${action} ${outcome}`)
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`
  } while (cursor !== '')
  expect([...actions]).toEqual(
    expect.arrayContaining([
      'change.propose done',
      'change.approve done',
      'change.undo done',
      'change.reject done',
      'change.apply done',
      'change.approve SECOND_PERSON',
      'change.propose CHANGE_INVALID',
      'plan.save done',
      'plan.rehearse done',
      'access.denied ACCESS_DENIED',
    ]),
  )
  const verified = await supervisor.get('/audit/verify')
  expect(verified.body).toMatchObject({ ok: true, fault: null, more: false })
  // What was kept elsewhere still fits; what was made up does not.
  const kept = `/audit/verify?from=3&hash=${'0'.repeat(64)}`
  expect((await supervisor.get(kept)).body).toMatchObject({ ok: false, fault: { fault: 'anchor' } })
})
