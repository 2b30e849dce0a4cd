/** What anybody is told, against what is durable. */
import type { Payment } from '../../../src/domain/payment.ts'
import type { PaymentView } from '../../../src/wire/payment.ts'
import { peerPaths } from '../../../src/wire/peer.ts'
import type { RefundView } from '../../../src/wire/refund.ts'
import type { Answered } from '../edge.ts'
import { debits } from '../members/cast.ts'
import type { Asked } from '../members/members.ts'
import type { World } from '../world.ts'
import type { Ledger } from './ledger.ts'

export class Hearing {
  readonly #ledger: Ledger
  readonly #world: World
  /** Which payment each consumer code was used for. */
  readonly #codes = new Map<string, string>()

  constructor(world: World) {
    this.#ledger = world.ledger
    this.#world = world
  }

  /** Something leaves a lane: whatever it says of a payment must be durable (I4, I12). */
  left<T>(value: T): T {
    const payment = paymentIn(value)
    if (payment === null) return value
    const { paymentId } = payment.terms
    const version = this.#ledger.payments.get(paymentId)?.version ?? 0
    if (payment.version > version) {
      this.#ledger.broken(
        'I4',
        paymentId,
        `its version ${payment.version} is told, ${version} is durable`,
      )
    }
    return value
  }

  /** The gateway turns to a member: what it asks must rest on what is durable (I4). */
  asked(member: string, path: string, content: Asked) {
    const id = content.paymentId ?? content.data?.paymentId ?? ''
    const known = this.#ledger.payments.get(id)
    this.#world.note({ to: member, path, payment: this.#world.numberOf(id) })
    const { duty } = content as { duty?: string }
    if (path === peerPaths.accept && known === undefined) {
      this.#ledger.broken('I12', id, 'its acceptance is asked for before it is durable')
    }
    if (path === peerPaths.refund && !known?.refunds.has(content.refundId ?? '')) {
      this.#ledger.broken('I12', id, 'a refund is asked for before it is durable')
    }
    const undone = known?.decision === 'aborted' || known?.reversed === true
    if (path === peerPaths.cancel && !undone) {
      this.#ledger.broken('I8', id, `its order is to be voided although it is ${known?.decision}`)
    }
    const isBack = duty === 'release_hold' || (duty === 'return_funds' && !known?.reversed)
    const isSo = known?.decision === (isBack ? 'aborted' : 'committed')
    if (isBack && debits(member) !== (duty === 'return_funds')) {
      this.#ledger.broken('I8', id, `${member} hears "${duty}", and its money is not there`)
    }
    if (path === peerPaths.notice && !isSo) {
      this.#ledger.broken('I4', id, `${member} hears "${duty}" although it is ${known?.decision}`)
    }
  }

  /** A wallet hears what a payment is. */
  heard(wallet: string, view: PaymentView) {
    const { paymentId, result, decidedAt } = view
    const known = this.#ledger.payments.get(paymentId)
    if (known === undefined || (known.wallet !== wallet && known.acquirer !== wallet)) {
      return this.#ledger.broken(
        'I4',
        paymentId,
        `${wallet} hears of a payment that is not durable as its own`,
      )
    }
    if (result === 'U') return
    const isReversed = view.status === 'reversed'
    if (isReversed && !known.reversed)
      this.#ledger.broken('I4', paymentId, `${wallet} hears of no reversal`)
    const said = result === 'S' || isReversed ? 'committed' : 'aborted'
    const at = known.decidedAt === null ? null : new Date(known.decidedAt).toISOString()
    if (said !== known.decision || decidedAt !== at) {
      this.#ledger.broken(
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
    const known = this.#ledger.payments.get(paymentId)
    const same = known?.bodyHash === bodyHash
    if (answer.kind === 'payment') {
      this.heard(wallet, answer.payment)
      if (answer.payment.paymentId !== paymentId) {
        this.#ledger.broken('I5', paymentId, `the answer is about ${answer.payment.paymentId}`)
      }
      if (!same) this.#ledger.broken('I5', paymentId, 'another body is answered like the first one')
      return
    }
    if (answer.kind !== 'refused' || passing.has(answer.code)) return
    if (answer.code === 'REPEAT_REQ_INCONSISTENT') {
      if (known === undefined || same)
        this.#ledger.broken('I5', paymentId, 'the same body is called another')
      return
    }
    if (existed)
      this.#ledger.broken(
        'I5',
        paymentId,
        `it exists, and asked again the answer is ${answer.code}`,
      )
  }

  /** A till hears of a payment that it made with a code: there is one for each code. */
  used(code: string, paymentId: string) {
    const by = this.#codes.get(code)
    if (by !== undefined && by !== paymentId) {
      this.#ledger.broken('I5', paymentId, `its code was used for payment ${by} before`)
    }
    this.#codes.set(code, paymentId)
  }

  /** A wallet hears that nothing will ever be made under this id. */
  barred(paymentId: string) {
    if (!this.#ledger.bars.has(paymentId))
      this.#ledger.broken('I12', paymentId, 'it is called barred and is not')
  }

  /** An acquirer hears what became of its refund (I5). */
  refunding(view: RefundView, requestId: string, minor: bigint) {
    const refund = this.#ledger.payments.get(view.paymentId)?.refunds.get(view.refundId)
    if (refund === undefined) {
      this.#ledger.broken(
        'I12',
        view.paymentId,
        `its refund ${view.refundId} is told and not durable`,
      )
    } else if (view.requestId !== requestId || refund.payeeMinor !== minor) {
      this.#ledger.broken('I5', view.paymentId, `${requestId} is answered as ${view.requestId}`)
    }
  }
}

/** Refusals that say nothing about a payment. */
export const passing: ReadonlySet<string> = new Set([
  'INTERNAL',
  'BUSY',
  'CENTER_UNAVAILABLE',
  'SIGNATURE_INVALID',
])

/** The payment in what a lane answers, if there is one. */
function paymentIn(value: unknown): Payment | null {
  const outer = value as { ok?: boolean; value?: { payment?: Payment }; terms?: unknown } | null
  if (outer === null || typeof outer !== 'object') return null
  if (outer.terms !== undefined) return value as Payment
  return outer.value?.payment ?? null
}
