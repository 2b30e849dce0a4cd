/** One code presented twice: an order that is opened anew although it was paid, a consumer code in the wrong hands. */
import { anomalyKinds, type Finding } from './anomaly.ts'
import { Bounded } from './bounded.ts'
import type { Seen } from './window-digest.ts'

/** Orders remembered at a time: twenty minutes of a busy center. */
const ORDERS_MAX = 60_000
/** A code that somebody else presents, and one that the same till presents once more by mistake. */
const SURE = 0.99
const UNSURE = 0.6
/** A till that does it again and again does not do it by mistake. */
const MISTAKES = 3
const MISTAKES_MS = 600_000

interface Order {
  readonly id: string
  readonly wallet: string
  readonly at: number
  isPaid: boolean
}

/** A consumer code that was refused because another payment had used it. */
export interface UsedCode {
  readonly at: number
  /** Who presented it now, and who had presented it before. */
  readonly acquirer: string
  readonly before: string
  /** The payment that has it. */
  readonly usedBy: string
}

export class CodeWatch {
  readonly #orders = new Bounded<string, Order>(ORDERS_MAX)
  readonly #mistakes = new Bounded<string, number[]>(1_000)

  /** A payment of an order in the open. One that failed before may be paid anew, and so may one by the same wallet. */
  opened({ order, id, wallet, merchant }: Seen, at: number): readonly Finding[] {
    const before = this.#orders.get(order)
    if (before === undefined || !before.isPaid) {
      this.#orders.set(order, { id, wallet, at, isPaid: false })
      return []
    }
    if (before.id === id) return []
    return [
      {
        kind: 'code_twice',
        subject: { dimension: 'merchant', name: merchant },
        severity: anomalyKinds.code_twice.severity,
        facts: {
          presentment: 'mpm',
          wallet,
          firstWallet: before.wallet,
          seconds: Math.round(Math.max(at - before.at, 0) / 1_000),
        },
        confidence: before.wallet === wallet ? UNSURE : SURE,
        payments: [id, before.id],
        paymentsSeen: 2,
        also: [],
        since: before.at,
      },
    ]
  }

  /** What became of a payment of an order. */
  ended({ order, id }: Seen, isPaid: boolean) {
    const known = this.#orders.get(order)
    if (known?.id === id) known.isPaid = isPaid
  }

  /**
   * A consumer code that had been used. From another acquirer nobody presents it by mistake: then it is about the payment
   * that has the code. Who presents it now need not be its payer.
   */
  refused({ at, acquirer, before, usedBy }: UsedCode): readonly Finding[] {
    const isCopied = before !== acquirer
    const finding = (confidence: number, times: number): Finding => ({
      kind: 'code_twice',
      subject: isCopied
        ? { dimension: 'payment', name: usedBy }
        : { dimension: 'institution', name: acquirer },
      severity: anomalyKinds.code_twice.severity,
      facts: { presentment: 'cpm', acquirer, firstAcquirer: before, times },
      confidence,
      payments: [usedBy],
      paymentsSeen: 1,
      also: isCopied
        ? [acquirer, before].map(name => ({ dimension: 'institution', name }) as const)
        : [],
      since: at,
    })
    if (isCopied) return [finding(SURE, 1)]
    const recent = [...(this.#mistakes.get(acquirer) ?? []), at].filter(
      then => then > at - MISTAKES_MS,
    )
    this.#mistakes.set(acquirer, recent.slice(-MISTAKES))
    return recent.length < MISTAKES ? [] : [finding(UNSURE, recent.length)]
  }
}
