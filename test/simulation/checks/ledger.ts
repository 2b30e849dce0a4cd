/**
 * The outside checker: what is durable, as the disks say it, against what anybody is told. It knows the rules and
 * nothing of how the gateway keeps them.
 */
import type { Payment, PaymentEvent } from '../../../src/domain/payment.ts'
import type { Barred } from '../../../src/domain/payment-event.ts'
import { acquirerOf, walletOf } from '../../../src/domain/quote.ts'
import type { PaymentView } from '../../../src/wire/payment.ts'
import { peerPaths } from '../../../src/wire/peer.ts'
import type { RefundView } from '../../../src/wire/refund.ts'
import type { Answered } from '../edge.ts'
import { keyOf } from '../members/cast.ts'
import type { Asked } from '../members/members.ts'
import type { JournalRow } from '../platform/disk.ts'
import type { LaneHost } from '../platform/object.ts'
import type { World } from '../world.ts'

export type Invariant =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I8'
  | 'I9'
  | 'I10'
  | 'I12'
  /** The hash chain, the projection, a quote used after its end, a lane that never rests. */
  | 'chain'
  | 'projected'
  | 'expiry'
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
/** A lane whose alarm failed comes back this soon. */
const AGAIN_MS = 2_000
/** Two instances of a lane may differ in their clocks by this much. */
const CLOCKS_MS = 200
const VIOLATIONS_MAX = 20

export class Ledger {
  readonly payments = new Map<string, Durable>()
  readonly violations: Violation[] = []
  /** Up to which event each lane's journal is durable. */
  readonly seqs = new Map<LaneHost, number>()
  readonly #bars = new Set<string>()
  readonly #codes = new Map<string, string>()
  #looks = 0
  /** Payments of each lane that are not decided. */
  readonly #open = new Map<LaneHost, number>()
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  broken(invariant: Invariant, paymentId: string | null, says: string) {
    if (this.violations.length >= VIOLATIONS_MAX) return
    const { agenda, startsAt } = this.#world
    const subject = paymentId === null ? -1 : this.#world.numberOf(paymentId)
    const violation = { invariant, subject, says, at: agenda.now - startsAt }
    this.violations.push(violation)
    this.#world.note({ broken: invariant, says })
  }

  exists(paymentId: string): boolean {
    return this.payments.has(paymentId)
  }

  /** Rows of a journal have just become durable. */
  durable(host: LaneHost, rows: readonly JournalRow[]) {
    for (const { last, body } of rows) {
      const events = JSON.parse(body) as [string, PaymentEvent | Barred][]
      const before = this.seqs.get(host) ?? 0
      if (before + events.length !== last) {
        this.broken('I12', null, `${host.name} had ${before} events and now has ${last}`)
      }
      this.seqs.set(host, last)
      for (const [id, event] of events) this.#happened(host, id, event)
    }
    if (rows.length > 0) this.#timers(host)
  }

  #happened(host: LaneHost, id: string, event: PaymentEvent | Barred) {
    this.#world.note({ payment: this.#world.numberOf(id), became: event.type })
    const known = this.payments.get(id)
    if (event.type === 'barred') {
      if (known !== undefined) this.broken('I8', id, 'it is barred although it exists')
      this.#bars.add(id)
      return
    }
    if (event.type === 'opened') return this.#opened(host, id, event, known)
    if (known === undefined)
      return this.broken('I9', id, `${event.type} comes before it was opened`)
    known.version += 1
    if (event.type === 'committed' || event.type === 'aborted') this.#decided(known, event)
    if (event.type === 'reversed') {
      if (known.decision !== 'committed')
        this.broken('I1', id, `it is reversed, and ${known.decision}`)
      known.reversed = true
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
    if (this.#bars.has(id)) this.broken('I8', id, 'it is opened although a cancel came first')
    const { terms, hold, bodyHash, at } = event
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
    if (event.type === 'aborted') return
    if (event.at >= known.openedAt + (known.isCpm ? USER_MS : DECISION_MS))
      this.broken('I8', id, 'it commits too late')
    const { reference, key } = event.acceptance
    const order = known.isCpm
      ? this.#authorised(known)
      : this.#world.acquirers.get(known.responder)?.orders.get(id)
    if (key !== keyOf(known.responder)) this.broken('I2', id, `it is accepted under ${key}`)
    const accepted = order?.reference === reference
    if (!accepted && !(order !== undefined && 'lied' in order && order.lied))
      this.broken('I2', id, `nobody accepted it as ${reference}`)
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

  /** A till hears of a payment that it made with a code: there is one for each code. */
  used(code: string, paymentId: string) {
    const by = this.#codes.get(code)
    if (by !== undefined && by !== paymentId) {
      this.broken('I5', paymentId, `its code was used for payment ${by} before`)
    }
    this.#codes.set(code, paymentId)
  }

  /** A wallet hears that nothing will ever be made under this id. */
  barred(paymentId: string) {
    if (!this.#bars.has(paymentId)) this.broken('I12', paymentId, 'it is called barred and is not')
  }

  /** An acquirer hears what became of its refund (I5). */
  refunding(view: RefundView, requestId: string, minor: bigint) {
    const refund = this.payments.get(view.paymentId)?.refunds.get(view.refundId)
    if (refund === undefined) {
      this.broken('I12', view.paymentId, `its refund ${view.refundId} is told and not durable`)
    } else if (view.requestId !== requestId || refund.payeeMinor !== minor) {
      this.broken('I5', view.paymentId, `${requestId} is answered as ${view.requestId}`)
    }
  }

  /** No durable payment that needs the clock is without an alarm that comes in time (I3). */
  #timers(host: LaneHost) {
    // To count costs more than all else in here, and a timer that is missing stays missing.
    this.#looks += 1
    if (this.#looks % 16 === 0) this.#count(host)
    if (host.disk.isHandlingAlarm) return
    const [row] = host.disk.rows('SELECT min(due) AS due FROM payment WHERE due IS NOT NULL')
    if (row?.due == null) return
    const due = Number(row.due)
    const latest = Math.max(due, this.#world.agenda.now) + AGAIN_MS + CLOCKS_MS
    const { alarm } = host.disk
    if (alarm === null) this.broken('I3', null, `${host.name} has a timer at ${due} and no alarm`)
    else if (alarm > latest) {
      this.broken('I3', null, `${host.name} has a timer at ${due} and its alarm at ${alarm}`)
    }
  }

  #count(host: LaneHost) {
    const open = this.#open.get(host) ?? 0
    const timed = host.disk.rows('SELECT count(*) AS number FROM payment WHERE due IS NOT NULL')
    if (Number(timed[0]?.number) < open) {
      this.broken('I3', null, `${host.name} has ${open} open payments and fewer timers`)
    }
  }

  /** A lane is made again from its disk: it must have all that ever became durable (I12). */
  restarted(host: LaneHost) {
    const [row] = host.disk.rows('SELECT coalesce(max(last), 0) AS last FROM journal')
    const known = this.seqs.get(host) ?? 0
    if (Number(row?.last) !== known) {
      this.broken('I12', null, `${host.name} comes back with ${row?.last} events of ${known}`)
    }
  }

  /** Something leaves a lane: whatever it says of a payment must be durable (I4, I12). */
  left<T>(value: T): T {
    const payment = paymentIn(value)
    if (payment === null) return value
    const { paymentId } = payment.terms
    const version = this.payments.get(paymentId)?.version ?? 0
    if (payment.version > version) {
      this.broken('I4', paymentId, `its version ${payment.version} is told, ${version} is durable`)
    }
    return value
  }

  /** The gateway turns to a member: what it asks must rest on what is durable (I4). */
  asked(member: string, path: string, content: Asked) {
    const id = content.paymentId ?? content.data?.paymentId ?? ''
    const known = this.payments.get(id)
    this.#world.note({ to: member, path, payment: this.#world.numberOf(id) })
    const { duty } = content as { duty?: string }
    if (path === peerPaths.accept && known === undefined) {
      this.broken('I12', id, 'its acceptance is asked for before it is durable')
    }
    if (path === peerPaths.refund && !known?.refunds.has(content.refundId ?? '')) {
      this.broken('I12', id, 'a refund is asked for before it is durable')
    }
    const undone = known?.decision === 'aborted' || known?.reversed === true
    if (path === peerPaths.cancel && !undone) {
      this.broken('I8', id, `its order is to be voided although it is ${known?.decision}`)
    }
    const wanted = duty === 'release_hold' ? 'aborted' : 'committed'
    const isSo = known?.decision === wanted && (duty !== 'return_funds' || known.reversed)
    if (path === peerPaths.notice && !isSo) {
      this.broken('I4', id, `${member} hears "${duty}" although it is ${known?.decision}`)
    }
  }

  /** A wallet hears what a payment is. */
  heard(wallet: string, view: PaymentView) {
    const { paymentId, result, decidedAt } = view
    const known = this.payments.get(paymentId)
    if (known === undefined || (known.wallet !== wallet && known.acquirer !== wallet)) {
      return this.broken(
        'I4',
        paymentId,
        `${wallet} hears of a payment that is not durable as its own`,
      )
    }
    if (result === 'U') return
    const isReversed = view.status === 'reversed'
    if (isReversed && !known.reversed)
      this.broken('I4', paymentId, `${wallet} hears of no reversal`)
    const said = result === 'S' || isReversed ? 'committed' : 'aborted'
    const at = known.decidedAt === null ? null : new Date(known.decidedAt).toISOString()
    if (said !== known.decision || decidedAt !== at) {
      this.broken(
        'I4',
        paymentId,
        `${wallet} hears ${result} of ${decidedAt}, durable is ${known.decision} of ${at}`,
      )
    }
  }

  /**
   * A wallet hears the answer to a payment that it sent (I5).
   *
   * @param existed whether the payment was durable before it asked
   */
  paid(wallet: string, paymentId: string, bodyHash: string, existed: boolean, answer: Answered) {
    const known = this.payments.get(paymentId)
    const same = known?.bodyHash === bodyHash
    if (answer.kind === 'payment') {
      this.heard(wallet, answer.payment)
      if (answer.payment.paymentId !== paymentId) {
        this.broken('I5', paymentId, `the answer is about ${answer.payment.paymentId}`)
      }
      if (!same) this.broken('I5', paymentId, 'another body is answered like the first one')
      return
    }
    if (answer.kind !== 'refused' || passing.has(answer.code)) return
    if (answer.code === 'REPEAT_REQ_INCONSISTENT') {
      if (known === undefined || same)
        this.broken('I5', paymentId, 'the same body is called another')
      return
    }
    if (existed)
      this.broken('I5', paymentId, `it exists, and asked again the answer is ${answer.code}`)
  }
}

type RefundEvent = Extract<PaymentEvent, { refund: string }>
const isOfRefund = (event: PaymentEvent): event is RefundEvent => 'refund' in event

const endings = {
  refund_done: 'REFUNDED',
  refund_failed: 'FAILED',
  refund_unapplied: 'UNAPPLIED',
} as const

/** Refusals that say nothing about a payment. */
const passing: ReadonlySet<string> = new Set(['INTERNAL', 'BUSY', 'SIGNATURE_INVALID'])

/** The payment in what a lane answers, if there is one. */
function paymentIn(value: unknown): Payment | null {
  const outer = value as { ok?: boolean; value?: { payment?: Payment }; terms?: unknown } | null
  if (outer === null || typeof outer !== 'object') return null
  if (outer.terms !== undefined) return value as Payment
  return outer.value?.payment ?? null
}
