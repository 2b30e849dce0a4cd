/** Who said what to whom: the ladder of every way a payment can go, out of its events alone. */
import { describe, expect, it } from 'vitest'
import type { DutyKind } from '../../src/domain/duty.ts'
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

type Row = PaymentEvent | readonly PaymentEvent[]

const ladder = (...rows: readonly Row[]): string =>
  ladderOf(rows.map((row, at) => ({ row: at, hash: `${at}`, events: [row].flat() })))
    .map(({ from, to, says, resultCode, about, proved }) =>
      [
        from.replace(/-.*/, ''),
        '>',
        to.replace(/-.*/, ''),
        says,
        resultCode,
        about && 'refund',
        !proved && '?',
      ]
        .filter(Boolean)
        .join(' '),
    )
    .join('\n')

const asked = 'wallet > gateway pay\ngateway > acquirer accept\n'
const left = `${asked}acquirer > gateway silence\ngateway > wallet unknown\ngateway > acquirer inquire\ngateway > wallet unknown\n`
const [acquirer, wallet] = ['acquirer-cn', 'wallet-th'] as const

const told = (duty: DutyKind, owner: string, more: object = {}): PaymentEvent => ({
  type: 'duty_told',
  at,
  duty,
  owner,
  ...more,
})
const done = (duty: DutyKind, owner: string, more: object = {}): PaymentEvent => ({
  type: 'duty_done',
  at,
  duty,
  owner,
  ...more,
})
const expired: PaymentEvent = { type: 'aborted', at, resultCode: 'DEADLINE_EXCEEDED' }
const cancelled: PaymentEvent = { type: 'aborted', at, resultCode: 'CANCELLED' }
/** The row in which time decides: its duties are told with it. */
const timedOut = [expired, told('void_order', acquirer), told('release_hold', wallet)]
const silent: readonly PaymentEvent[] = [
  opened(),
  { type: 'doubted', at },
  { type: 'inquired', at },
  { type: 'left', at },
]

// biome-ignore format: one story per block
it.each<readonly [name: string, rows: readonly Row[], want: string]>([
  ['paid', [opened(), committed, done('deliver_receipt', acquirer)],
    `${asked}acquirer > gateway accepted\ngateway > wallet success SUCCESS\ngateway > acquirer deliver_receipt\nacquirer > gateway acknowledged`],
  ['declined', [opened(), { type: 'aborted', at, resultCode: 'DECLINED' }],
    `${asked}acquirer > gateway refused DECLINED\ngateway > wallet failed DECLINED`],
  ['silent until the deadline', [...silent, timedOut, done('release_hold', wallet), told('void_order', acquirer), done('void_order', acquirer)],
    `${left}gateway > acquirer void_order ?\ngateway > wallet release_hold\nwallet > gateway acknowledged\ngateway > acquirer void_order\nacquirer > gateway acknowledged`],
  ['accepted too late', [opened(), cancelled, { type: 'late_acceptance', at }, done('void_order', acquirer)],
    `${asked}gateway > wallet failed CANCELLED\nacquirer > gateway accepted\ngateway > acquirer void_order\nacquirer > gateway acknowledged`],
  ['accepted after the void was acknowledged', [opened(), cancelled, done('void_order', acquirer), { type: 'late_acceptance', at }, done('void_order', acquirer)],
    `${asked}gateway > wallet failed CANCELLED\ngateway > acquirer void_order\nacquirer > gateway acknowledged\nacquirer > gateway accepted\ngateway > acquirer void_order\nacquirer > gateway acknowledged`],
  ['charged', [opened({ presentment: 'cpm', requester: acquirer, responder: wallet }), { type: 'user_asked', at }, committed, done('deliver_receipt', acquirer), done('capture', wallet)],
    'acquirer > gateway charge\ngateway > wallet authorize\nwallet > gateway user_must_confirm\ngateway > acquirer unknown\nwallet > gateway accepted\ngateway > acquirer deliver_receipt\ngateway > wallet capture\nacquirer > gateway acknowledged\nwallet > gateway acknowledged'],
  ['refunded', [opened(), committed, queued, { type: 'refund_sent', at, refund }, { type: 'refund_tried', at, refund }, { type: 'refund_done', at, refund, reference: 'b' }, done('report_refund', acquirer, { about: refund })],
    `${asked}acquirer > gateway accepted\ngateway > wallet success SUCCESS\nacquirer > gateway refund refund\ngateway > wallet refund refund\ngateway > wallet refund refund\nwallet > gateway refunded refund\ngateway > acquirer report_refund refund\nacquirer > gateway acknowledged refund`],
  ['whose refund found no cover', [opened(), committed, queued, { type: 'refund_tried', at, refund }, { type: 'refund_held', at, refund }],
    `${asked}acquirer > gateway accepted\ngateway > wallet success SUCCESS\nacquirer > gateway refund refund`],
])('a payment that was %s', (_, rows, want) => {
  const shown = ladder(...rows)
  // Duties of one decision are told side by side.
  expect(shown.split('\n').toSorted()).toEqual(want.split('\n').toSorted())
  expect(shown.split('\n').slice(0, 2)).toEqual(want.split('\n').slice(0, 2))
})

describe('a duty on the ladder', () => {
  const duties = (...rows: readonly Row[]) =>
    ladder(opened(), ...rows)
      .split('\n')
      .filter(line => /deliver|void|release|reverse|acknowledged/.test(line))
  const receipt = 'gateway > acquirer deliver_receipt'
  const acknowledged = 'acquirer > gateway acknowledged'

  it('is drawn once where the row that made it owed tells it, too', () => {
    const shown = duties(
      [
        { type: 'doubted', at },
        { type: 'inquired', at },
      ],
      timedOut,
    )
    expect(shown.toSorted()).toEqual([
      'gateway > acquirer void_order ?',
      'gateway > wallet release_hold ?',
    ])
  })

  it('is not drawn as told by whoever decided until that is acknowledged', () => {
    expect(duties(committed)).toEqual([])
    expect(duties(committed, done('deliver_receipt', acquirer))).toEqual([receipt, acknowledged])
  })

  it('is drawn at its turn alone where its owner was away when it was decided', () => {
    const rows = [committed, told('deliver_receipt', acquirer)]
    expect(duties(...rows)).toEqual([`${receipt} ?`])
    expect(duties(...rows, done('deliver_receipt', acquirer))).toEqual([receipt, acknowledged])
  })

  it('is proved only at the turn that was acknowledged', () => {
    const turn = told('deliver_receipt', acquirer)
    expect(duties(committed, turn, turn, turn, done('deliver_receipt', acquirer))).toEqual([
      `${receipt} ?`,
      `${receipt} ?`,
      receipt,
      acknowledged,
    ])
  })

  it('is not drawn where the row that told it took it back', () => {
    const back: PaymentEvent = { type: 'reversed', at }
    expect(duties(committed, [told('deliver_receipt', acquirer), back])).toEqual([])
  })
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
