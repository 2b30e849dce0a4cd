/**
 * What is durable, as the disks say it at the very moment, and the rules for it. The checkers know the rules and nothing
 * of how the gateway keeps them.
 */
import { unpackJson } from '../../../src/domain/pack.ts'
import type { PaymentEvent } from '../../../src/domain/payment.ts'
import type { Barred } from '../../../src/domain/payment-event.ts'
import { acquirerOf, walletOf } from '../../../src/domain/quote.ts'
import { isSinglePhase, keyOf } from '../members/cast.ts'
import type { JournalRow } from '../platform/disk.ts'
import type { LaneHost } from '../platform/object.ts'
import type { World } from '../world.ts'
import { clearedFrom } from './day.ts'

export type Invariant =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I9'
  | 'I10'
  | 'I11'
  | 'I12'
  /** The hash chain, the projection, a quote used after its end, a day's cut, a lane that never rests. */
  | 'chain'
  | 'projected'
  | 'expiry'
  | 'cut'
  | 'rest'
  | 'crash'

export interface Violation {
  readonly invariant: Invariant
  /** Number of the payment, -1 for none. */
  readonly subject: number
  readonly says: string
  /** Milliseconds since the world began. */
  readonly at: number
}

/** What the journals say about one payment, as far as it is durable. */
export interface Durable {
  readonly host: LaneHost
  readonly paymentId: string
  readonly requester: string
  /** When it was first asked for, milliseconds since 1970. */
  readonly requestedAt: number
  readonly responder: string
  readonly wallet: string
  readonly acquirer: string
  readonly isCpm: boolean
  readonly bodyHash: string
  readonly holdReference: string
  readonly openedAt: number
  version: number
  readonly payeeMinor: bigint
  readonly payerMinor: bigint
  readonly refunds: Map<string, DurableRefund>
  decision: 'committed' | 'aborted' | null
  /** Its switch was silent, and may have credited what it cannot take back. */
  deemed: boolean
  decidedAt: number | null
  reversed: boolean
}

export interface DurableRefund {
  readonly requestId: string
  readonly payeeMinor: bigint
  readonly payerMinor: bigint
  ended: 'REFUNDED' | 'FAILED' | 'UNAPPLIED' | null
}

/** What the design gives a payment of a merchant's code. */
const DECISION_MS = 15_000
/** And where the user must say yes first. */
const USER_MS = 60_000
const VIOLATIONS_MAX = 20

export class Ledger {
  readonly payments = new Map<string, Durable>()
  readonly violations: Violation[] = []
  /** Up to which event each lane's journal is durable. */
  readonly seqs = new Map<LaneHost, number>()
  /** Ids under which nothing may be opened any more. */
  readonly bars = new Set<string>()
  /** Requests that have opened a payment, in whichever lane. */
  readonly #requests = new Set<string>()
  /** Payments of each lane that are not decided. */
  readonly #open = new Map<LaneHost, number>()
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  broken(invariant: Invariant, paymentId: string | null, says: string) {
    if (this.violations.length >= VIOLATIONS_MAX) return
    const { agenda, clocks } = this.#world
    const subject = paymentId === null ? -1 : this.#world.numberOf(paymentId)
    const violation = { invariant, subject, says, at: agenda.now - clocks.startsAt }
    this.violations.push(violation)
    this.#world.note({ broken: invariant, says })
  }

  exists(paymentId: string): boolean {
    return this.payments.has(paymentId)
  }

  /** Rows of a journal have just become durable. */
  durable(host: LaneHost, rows: readonly JournalRow[]) {
    for (const { last, body } of rows) {
      const events = unpackJson<[string, PaymentEvent | Barred][]>(body)
      const before = this.seqs.get(host) ?? 0
      if (before + events.length !== last) {
        this.broken('I12', null, `${host.name} had ${before} events and now has ${last}`)
      }
      this.seqs.set(host, last)
      for (const [id, event] of events) this.#happened(host, id, event)
    }
    if (rows.length > 0) this.#world.timers.check(host, this.#open.get(host) ?? 0)
  }

  #happened(host: LaneHost, id: string, event: PaymentEvent | Barred) {
    this.#world.note({ payment: this.#world.numberOf(id), became: event.type })
    const known = this.payments.get(id)
    if (event.type !== 'barred') this.#world.limits?.happened(id, event, known)
    if (event.type !== 'barred') this.#world.persons?.happened(id, event)
    if (event.type === 'barred') {
      if (known !== undefined) this.broken('I8', id, 'it is barred although it exists')
      this.bars.add(id)
      return
    }
    if (event.type === 'opened' || known !== undefined) this.#world.timers.happened(host, id, event)
    if (event.type === 'opened') return this.#opened(host, id, event, known)
    if (known === undefined)
      return this.broken('I9', id, `${event.type} comes before it was opened`)
    known.version += 1
    if (event.type === 'committed' || event.type === 'aborted') this.#decided(known, event)
    if (event.type === 'reversed') {
      if (known.decision !== 'committed')
        this.broken('I1', id, `it is reversed, and ${known.decision}`)
      if (event.at >= clearedFrom(known.acquirer, known.decidedAt ?? 0))
        this.broken('cut', id, 'it is reversed after its cut')
      known.reversed = true
    }
    if (event.type === 'deemed') {
      if (!isSinglePhase(known.acquirer)) this.broken('I8', id, 'it is deemed, and could be undone')
      known.deemed = true
    }
    if (isOfRefund(event)) this.#refunded(known, event)
    if (event.type === 'late_acceptance' && known.decision !== 'aborted') {
      this.broken('I8', id, `a late acceptance is recorded while ${known.decision}`)
    }
  }

  #opened(
    host: LaneHost,
    id: string,
    event: Extract<PaymentEvent, { type: 'opened' }>,
    known: Durable | undefined,
  ) {
    if (known !== undefined) return this.broken('I1', id, 'it is opened a second time')
    if (this.bars.has(id)) this.broken('I8', id, 'it is opened although a cancel came first')
    const { terms, hold, bodyHash, at } = event
    const request = `${terms.requester} ${terms.requestId}`
    if (this.#requests.has(request)) this.broken('I5', id, 'its request has opened another payment')
    this.#requests.add(request)
    if (terms.paymentId !== id) this.broken('I2', id, `its terms are those of ${terms.paymentId}`)
    if (at >= terms.expiresAt) this.broken('expiry', id, 'it is opened after its quote has ended')
    const isCpm = terms.presentment === 'cpm'
    const held = this.#world.wallets.get(terms.requester)?.holds.get(id)
    if (!isCpm && (held === undefined || !hold.reference.startsWith(held.reference))) {
      this.broken('I2', id, `${terms.requester} holds nothing for it`)
    }
    if (!isCpm && hold.key !== keyOf(terms.requester))
      this.broken('I2', id, `its hold is under ${hold.key}`)
    this.#open.set(host, (this.#open.get(host) ?? 0) + 1)
    this.payments.set(id, {
      host,
      paymentId: id,
      requester: terms.requester,
      requestedAt: terms.requestedAt,
      responder: terms.responder,
      wallet: walletOf(terms),
      acquirer: acquirerOf(terms),
      isCpm,
      bodyHash,
      holdReference: hold.reference,
      openedAt: at,
      version: 1,
      payeeMinor: BigInt(terms.payee.minor),
      payerMinor: BigInt(terms.payer.minor),
      refunds: new Map(),
      decision: null,
      deemed: false,
      decidedAt: null,
      reversed: false,
    })
  }

  #decided(known: Durable, event: Extract<PaymentEvent, { type: 'committed' | 'aborted' }>) {
    const { paymentId: id } = known
    if (known.decision !== null) {
      this.broken('I1', id, `it was ${known.decision} and is now ${event.type}`)
    }
    if (known.decision === null) this.#open.set(known.host, (this.#open.get(known.host) ?? 0) - 1)
    known.decision = event.type
    known.decidedAt = event.at
    if (event.type === 'aborted') return this.#aborted(known, event)
    if (event.at >= lastOf(known)) this.broken('I8', id, 'it commits too late')
    const { reference, key } = event.acceptance
    const order = known.isCpm
      ? this.#authorised(known)
      : this.#world.acquirers.get(known.responder)?.orders.get(id)
    if (key !== keyOf(known.responder)) this.broken('I2', id, `it is accepted under ${key}`)
    const accepted = order?.reference === reference
    if (!accepted && !(order !== undefined && 'lied' in order && order.lied))
      this.broken('I2', id, `nobody accepted it as ${reference}`)
  }

  /** A switch that cannot undo has until the day after to say what it did. */
  #aborted(known: Durable, { at, resultCode }: Extract<PaymentEvent, { type: 'aborted' }>) {
    if (!known.deemed && resultCode === 'DEADLINE_EXCEEDED' && isSwitched(known)) {
      this.broken('I8', known.paymentId, 'its switch may have credited it')
    }
    if (known.deemed && resultCode === 'DEADLINE_EXCEEDED' && at < lastOf(known)) {
      this.broken('I8', known.paymentId, 'its switch has not had its day')
    }
  }

  /** Refunds never exceed their payment (I6), and what has ended stays as it ended. */
  #refunded(known: Durable, event: RefundEvent) {
    const { paymentId: id, refunds } = known
    if (event.type === 'refund_queued') {
      if ([...refunds.values()].some(({ requestId }) => requestId === event.requestId)) {
        this.broken('I5', id, `${event.requestId} is queued a second time`)
      }
      const { payee, payer } = event
      refunds.set(event.refund, {
        payeeMinor: BigInt(payee.minor),
        payerMinor: BigInt(payer.minor),
        requestId: event.requestId,
        ended: null,
      })
      const counted = [...refunds.values()].filter(({ ended }) => ended !== 'FAILED')
      const sum = (side: 'payeeMinor' | 'payerMinor') =>
        counted.reduce((total, refund) => total + refund[side], 0n)
      const [ofPayee, ofPayer] = [sum('payeeMinor'), sum('payerMinor')]
      const isWhole = ofPayee === known.payeeMinor
      const fits = ofPayee <= known.payeeMinor && ofPayer <= known.payerMinor
      if (!fits || (isWhole && ofPayer !== known.payerMinor)) {
        this.broken(
          'I6',
          id,
          `${ofPayee} of ${known.payeeMinor} for ${ofPayer} of ${known.payerMinor}`,
        )
      }
      return
    }
    const refund = refunds.get(event.refund)
    if (refund === undefined) return this.broken('I9', id, `${event.type} of no refund`)
    const ended = (endings as Readonly<Record<string, DurableRefund['ended']>>)[event.type] ?? null
    if (ended === null) return
    if (refund.ended !== null) this.broken('I8', id, `a refund ends ${ended} after ${refund.ended}`)
    refund.ended = ended
  }

  /** What a wallet holds for a payment that a till asked for; nothing where its user has not agreed. */
  #authorised({ wallet, paymentId }: Durable) {
    const hold = this.#world.wallets.get(wallet)?.holds.get(paymentId)
    const agreed =
      hold?.state === 'held' || hold?.state === 'captured' || hold?.state === 'returned'
    return agreed ? hold : undefined
  }

  /** A lane is made again from its disk: it must have all that ever became durable (I12). */
  restarted(host: LaneHost) {
    const [row] = host.disk.rows('SELECT coalesce(max(last), 0) AS last FROM journal')
    const known = this.seqs.get(host) ?? 0
    if (Number(row?.last) !== known) {
      this.broken('I12', null, `${host.name} comes back with ${row?.last} events of ${known}`)
    }
  }
}

const isSwitched = ({ acquirer, isCpm }: Durable): boolean => isSinglePhase(acquirer) && !isCpm

/** From when on nobody's yes can commit a payment any more. */
export function lastOf({ acquirer, deemed, isCpm, openedAt }: Durable): number {
  if (deemed) return clearedFrom(acquirer, clearedFrom(acquirer, openedAt))
  return openedAt + (isCpm ? USER_MS : DECISION_MS)
}

type RefundEvent = Extract<PaymentEvent, { refund: string }>
const isOfRefund = (event: PaymentEvent): event is RefundEvent => 'refund' in event

const endings = {
  refund_done: 'REFUNDED',
  refund_failed: 'FAILED',
  refund_unapplied: 'UNAPPLIED',
} as const
