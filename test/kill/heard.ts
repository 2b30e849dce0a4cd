/** What members were told while the gateway died again and again, and what they still wait to be told. */
import { GatewayRefusal } from '../../src/sdk/index.ts'
import type { PaymentView } from '../../src/wire/payment.ts'
import type { RefundView } from '../../src/wire/refund.ts'

/** A request that was to make a payment, and of which its member was told that it made none. */
export interface Nothing {
  readonly by: string
  readonly requestId: string
  readonly code: string
}

export interface NoRefund {
  readonly paymentId: string
  readonly requestId: string
  readonly code: string
}

/** Asks once. False while the answer is not the last word; a throw says nothing. */
export type Question = () => Promise<boolean>

/** A payment that somebody asked for, and what was the first word about it. */
export interface Attempt {
  readonly by: string
  readonly requestId: string
  readonly result: 'S' | 'F' | 'U'
  /** What the gateway itself said of the payment; null where it said nothing. */
  readonly said: 'S' | 'F' | 'U' | null
  /** When it was asked for and when that word came, milliseconds since 1970. */
  readonly askedAt: number
  readonly heardAt: number
  /** Why it was F, or U. */
  readonly code: string
}

export class Heard {
  readonly attempts: Attempt[] = []
  readonly payments: PaymentView[] = []
  readonly nothing: Nothing[] = []
  readonly refunds: RefundView[] = []
  readonly noRefunds: NoRefund[] = []
  /** Requests by which tills tried one consumer code. */
  readonly tries = new Map<string, string[]>()
  readonly #open = new Set<Question>()

  payment(view: PaymentView): boolean {
    this.payments.push(view)
    return view.result !== 'U'
  }

  refund(view: RefundView): boolean {
    this.refunds.push(view)
    return view.endedAt !== null
  }

  /** Asks, and keeps the question where the answer was not the last. */
  async ask(question: Question): Promise<void> {
    if (!(await question().catch(() => false))) this.#open.add(question)
  }

  later(question: Question) {
    this.#open.add(question)
  }

  /** Asks once more whatever is open; true when nothing is. */
  async settled(): Promise<boolean> {
    const open = [...this.#open]
    const answered = await Promise.all(open.map(question => question().catch(() => false)))
    open.forEach((question, index) => {
      if (answered[index]) this.#open.delete(question)
    })
    return this.#open.size === 0
  }
}

/** The code of a refusal that is an answer, and no mere "not now". */
export function refusedWith(error: unknown): string | null {
  if (!(error instanceof GatewayRefusal)) return null
  const { result, retry, status, code } = error
  const isOpen = result === 'U' || (result === null && (retry === 'same' || status >= 500))
  return isOpen ? null : code
}
