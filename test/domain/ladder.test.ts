/** Who said what to whom: the ladder of every way a payment can go, out of its events alone. */
import { describe, expect, it } from 'vitest'
import { dutyState, ladderOf } from '../../src/domain/ladder.ts'
import type { PaymentEvent } from '../../src/domain/payment.ts'
import type { Terms } from '../../src/domain/quote.ts'
import { terms } from './terms.ts'

const T0 = 1_000_000
const acceptance = { reference: 'acc-1', key: 'acquirer-1' }
const opened = (more: Partial<Terms> = {}): PaymentEvent => ({
  type: 'opened',
  at: T0,
  terms: { ...terms, ...more },
  bodyHash: '00',
  hold: { reference: 'hold-1', key: 'wallet-1' },
})
const at = T0 + 1_000
const committed: PaymentEvent = { type: 'committed', at, acceptance }
const refund = 'rfd_1'
const money = { currency: 'CNY', minor: 100n }
const queued: PaymentEvent = {
  type: 'refund_queued',
  at,
  refund,
  requestId: 'back-1',
  bodyHash: '00',
  payee: money,
  payer: money,
}

const ladder = (...events: readonly PaymentEvent[]): string =>
  ladderOf(events.map((event, row) => ({ row, hash: `${row}`, events: [event] })))
    .map(({ from, to, says, resultCode, about }) =>
      [from.replace(/-.*/, ''), '>', to.replace(/-.*/, ''), says, resultCode, about && 'refund']
        .filter(Boolean)
        .join(' '),
    )
    .join('\n')

const asked = 'wallet > gateway pay\ngateway > acquirer accept\n'

// biome-ignore format: one story per block
it.each<readonly [name: string, events: readonly PaymentEvent[], want: string]>([
  ['paid', [opened(), committed, { type: 'duty_done', at, duty: 'deliver_receipt', owner: 'acquirer-cn' }],
    `${asked}acquirer > gateway accepted\ngateway > wallet success SUCCESS\ngateway > acquirer deliver_receipt\nacquirer > gateway acknowledged`],
  ['declined', [opened(), { type: 'aborted', at, resultCode: 'DECLINED' }],
    `${asked}acquirer > gateway refused DECLINED\ngateway > wallet failed DECLINED`],
  ['silent until the deadline', [opened(), { type: 'doubted', at }, { type: 'inquired', at }, { type: 'left', at }, { type: 'aborted', at, resultCode: 'DEADLINE_EXCEEDED' }],
    `${asked}acquirer > gateway silence\ngateway > wallet unknown\ngateway > acquirer inquire\ngateway > wallet unknown\ngateway > acquirer void_order\ngateway > wallet release_hold`],
  ['accepted too late', [opened(), { type: 'aborted', at, resultCode: 'CANCELLED' }, { type: 'late_acceptance', at }],
    `${asked}gateway > wallet failed CANCELLED\ngateway > acquirer void_order\nacquirer > gateway accepted`],
  ['charged', [opened({ presentment: 'cpm', requester: 'acquirer-cn', responder: 'wallet-th' }), { type: 'user_asked', at }, committed],
    'acquirer > gateway charge\ngateway > wallet authorize\nwallet > gateway user_must_confirm\ngateway > acquirer unknown\nwallet > gateway accepted\ngateway > acquirer deliver_receipt\ngateway > wallet capture'],
  ['refunded', [opened(), committed, queued, { type: 'refund_sent', at, refund }, { type: 'refund_tried', at, refund }, { type: 'refund_done', at, refund, reference: 'b' }],
    `${asked}acquirer > gateway accepted\ngateway > wallet success SUCCESS\ngateway > acquirer deliver_receipt\nacquirer > gateway refund refund\ngateway > wallet refund refund\ngateway > wallet refund refund\nwallet > gateway refunded refund\ngateway > acquirer report_refund refund`],
  ['whose refund found no cover', [opened(), committed, queued, { type: 'refund_tried', at, refund }, { type: 'refund_held', at, refund }],
    `${asked}acquirer > gateway accepted\ngateway > wallet success SUCCESS\ngateway > acquirer deliver_receipt\nacquirer > gateway refund refund`],
])('a payment that was %s', (_, events, want) => {
  const shown = ladder(...events)
  // Duties of one decision are told side by side.
  expect(shown.split('\n').toSorted()).toEqual(want.split('\n').toSorted())
  expect(shown.split('\n').slice(0, 2)).toEqual(want.split('\n').slice(0, 2))
})

describe('a rung', () => {
  it('has the digest of its message where a signature proves it, and of the question that was answered', () => {
    const base = (institution: string, digest: string) =>
      `"cpg-institution": ${institution}\n"content-digest": sha-256=:${digest}:\n"@signature-params": ();keyid="k"`
    const evidence = (of: string, digest: string, asked?: string) => ({
      base: base(of, digest),
      signature: 's',
      ...(asked === undefined ? {} : { asked: base('gateway', asked) }),
    })
    const paid = { ...opened(), evidence: evidence('wallet-th', 'pay') } as PaymentEvent
    const said = { ...committed, evidence: evidence('acquirer-cn', 'yes', 'ask') } as PaymentEvent
    const rungs = ladderOf([
      { row: 1, hash: '', events: [paid, { type: 'doubted', at }, { type: 'inquired', at }, said] },
    ])
    const digests = rungs.filter(({ digest }) => digest !== null)
    expect(digests.map(({ from, says, digest }) => `${from} ${says} ${digest}`)).toEqual([
      'wallet-th pay sha-256=:pay:',
      // What was answered is the inquiry; the first question got no answer that counts.
      'gateway inquire sha-256=:ask:',
      'acquirer-cn accepted sha-256=:yes:',
    ])
  })

  it('says by which key and in which row of the journal it was said', () => {
    const [pay, , accepted] = ladderOf([
      { row: 4, hash: 'aa', events: [opened()] },
      { row: 9, hash: 'bb', events: [committed] },
    ])
    expect(pay).toMatchObject({ at: T0, reference: 'hold-1', key: 'wallet-1', row: 4, hash: 'aa' })
    expect(accepted).toMatchObject({ at, ...acceptance, row: 9, hash: 'bb' })
  })
})

it('a duty is done, open, or told so often that somebody should look', () => {
  expect(dutyState({ nextAt: null, attempts: 20 })).toBe('done')
  expect(dutyState({ nextAt: 1, attempts: 7 })).toBe('open')
  expect(dutyState({ nextAt: 1, attempts: 8 })).toBe('dead')
})
