/** What the staff tried and was not let do: an entry of the audit chain each, whichever rule said no. */
import { describe, expect, it } from 'vitest'
import { listAudit, verifyAudit } from '../../src/db/audit.ts'
import { AUDIT_START } from '../../src/domain/audit.ts'
import { startDoor } from '../middleware/staff.ts'

const { directory, request, tokenOf } = await startDoor()
const headers = {
  'cf-access-jwt-assertion': await tokenOf('mei'),
  'cpg-ops': '1',
  'content-type': 'application/json',
}
const steps = [{ kind: 'switch_off', subject: 'family', name: 'qris' }]
const plan = { title: 'Stop', steps, minutes: 30, revision: 3 }
const paymentId = `pay_${'0'.repeat(32)}`
const letter = { paymentId, institution: 'nobody', duty: 'deliver_receipt' }

const send = (method: string, path: string, body?: object) =>
  request(`/ops/v1${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })

/** Outcomes of what was done to it, oldest first. */
const outcomes = async (subject: string) =>
  (await listAudit(directory, { subject, before: 1e15, limit: 10 })).entries
    .map(({ action, outcome }) => `${action} ${outcome}`)
    .toReversed()

describe('a refusal is in the audit chain', () => {
  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, method: string, path: string, body: object | undefined, subject: string, want: readonly string[]]>([
    ['to save over a plan that somebody else has saved', 'PUT',    '/plans/moved',                       plan,                         'moved',      ['plan.save CHANGE_MOVED']],
    ['to drop a plan that there is not',                 'DELETE', '/plans/gone',                        undefined,                    'gone',       ['plan.drop CHANGE_NOT_EXIST']],
    ['to rehearse a plan that there is not',             'POST',   '/plans/none/rehearse',               undefined,                    'none',       ['plan.rehearse CHANGE_NOT_EXIST']],
    ['to run a plan that there is not',                  'POST',   '/plans/none/run',                    { id: 'run-1', reason: 'x' }, 'run-1',      ['change.propose CHANGE_NOT_EXIST']],
    ['to tell a member again that there is not',         'POST',   '/dead-letters/replay',               letter,                       paymentId,    ['dead_letter.replay begun', 'dead_letter.replay PAYMENT_NOT_EXIST']],
    ['to feed a projection that there is not',           'POST',   '/centers/mars/projection/replay',    undefined,                    'mars',       ['projection.replay begun', 'projection.replay NOT_FOUND']],
    ['to take an alert over that there is not',          'POST',   '/alerts/alr_mars_1/acknowledge',     undefined,                    'alr_mars_1', ['alert.acknowledge begun', 'alert.acknowledge NOT_FOUND']],
    ['to end a mute that there is not',                  'DELETE', '/mutes/nothing',                     undefined,                    'nothing',    ['alert.unmute begun', 'alert.unmute NOT_FOUND']],
  ])('%s', async (_, method, path, body, subject, want) => {
    const answer = await send(method, path, body)
    expect(answer.ok).toBe(false)
    expect(await outcomes(subject)).toEqual(want)
  })

  it('and what comes of two who save a plan at once', async () => {
    const first = { ...plan, revision: 0 }
    const answers = await Promise.all([1, 2, 3].map(() => send('PUT', '/plans/raced', first)))
    const made = answers.filter(({ ok }) => ok).length
    expect(made).toBe(1)
    expect((await outcomes('raced')).toSorted()).toEqual([
      'plan.save CHANGE_MOVED',
      'plan.save CHANGE_MOVED',
      'plan.save done',
    ])
    expect(await verifyAudit(directory, AUDIT_START)).toMatchObject({ fault: null })
  })
})
