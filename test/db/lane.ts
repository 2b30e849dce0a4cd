/** A lane for tests: makes payments by the domain's own rules and tells of them in any runs one likes. */
import type { JournalEntry, LaneBatch } from '../../src/domain/lane-batch.ts'
import { apply, type Payment, type PaymentEvent } from '../../src/domain/payment.ts'
import { laneName, paymentId } from '../../src/domain/payment-id.ts'
import type { Terms } from '../../src/domain/quote.ts'

export const T0 = Date.UTC(2026, 9, 1)

type Told = PaymentEvent extends infer E
  ? E extends { at: number }
    ? Omit<E, 'at'>
    : never
  : never

export const committed: Told = { type: 'committed', acceptance: { reference: 'a1', key: 'k2' } }
export const aborted: Told = { type: 'aborted', resultCode: 'DECLINED' }
export const doubted: Told = { type: 'doubted' }
export const inquired: Told = { type: 'inquired' }

export class Lane {
  readonly #place: { center: number; institution: number; epoch: number; lane: number }
  readonly #requester: string
  readonly #entries: JournalEntry[] = []
  readonly #payments = new Map<string, Payment>()
  #made = 0

  constructor(requester = 'wallet-th', institution = 1, lane = 0) {
    this.#requester = requester
    this.#place = { center: 1, institution, epoch: 1, lane }
  }

  get name(): string {
    return laneName(this.#place)
  }

  get seq(): number {
    return this.#entries.length
  }

  open(at = T0, terms: Partial<Terms> = {}): string {
    this.#made += 1
    const hash = new Uint8Array(13)
    new DataView(hash.buffer).setUint32(9, this.#made)
    const id = paymentId(this.#place, hash)
    const event: PaymentEvent = {
      type: 'opened',
      at,
      bodyHash: '00',
      hold: { reference: 'h1', key: 'k1' },
      terms: {
        paymentId: id,
        requestId: `r${this.#made}`,
        requestedAt: at,
        requester: this.#requester,
        responder: 'acquirer-cn',
        presentment: 'mpm',
        scenario: 'inbound',
        payerMarket: 'TH',
        payeeMarket: 'CN',
        family: 'unionpay',
        payer: { currency: 'THB', minor: 49_748n },
        payee: { currency: 'CNY', minor: 10_000n },
        rate: null,
        fees: [],
        merchant: { id: 'm1', name: '面馆 "Ñ"', city: null, mcc: null, country: 'CN' },
        order: 'o1',
        expiresAt: at + 300_000,
        ...terms,
      },
    }
    this.#record(id, event)
    return id
  }

  tell(paymentId: string, event: Told, at = T0 + 1_000): this {
    this.#record(paymentId, { ...event, at } as PaymentEvent)
    return this
  }

  payment(id: string): Payment {
    const payment = this.#payments.get(id)
    if (payment === undefined) throw new Error(`no payment ${id}`)
    return payment
  }

  /** The run from `from` to `to`, with the payments as they are now, as the outbox sends it. */
  run(from = 1, to = this.seq): LaneBatch {
    const entries = this.#entries.slice(from - 1, to)
    const ids = new Set(entries.map(entry => entry.paymentId))
    const payments = [...ids].map(id => this.payment(id))
    return { center: 'hk', lane: this.name, from, to, entries, payments }
  }

  #record(paymentId: string, event: PaymentEvent) {
    this.#payments.set(paymentId, apply(this.#payments.get(paymentId) ?? null, event))
    this.#entries.push({ seq: this.seq + 1, paymentId, event })
  }
}
