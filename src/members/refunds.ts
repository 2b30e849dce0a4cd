/** A wallet's refunds: each given to its user once, whatever comes twice, and never more than was taken. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'

export interface RefundRow {
  readonly refundId: string
  readonly paymentId: string
  /** Digits of minor units, in the currency of the hold. */
  readonly minor: string
  /** The wallet's own reference of what it gave. */
  readonly reference: string
}

export class Refunds {
  readonly #find: StatementSync
  readonly #ofPayment: StatementSync
  readonly #insert: StatementSync

  constructor(database: DatabaseSync) {
    const columns = `refund_id AS refundId, payment_id AS paymentId, minor, reference`
    this.#find = database.prepare(`SELECT ${columns} FROM refunds WHERE refund_id = ?`)
    this.#ofPayment = database.prepare(`SELECT ${columns} FROM refunds WHERE payment_id = ?`)
    this.#insert = database.prepare(
      `INSERT INTO refunds VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    )
  }

  find(refundId: string): RefundRow | null {
    return (this.#find.get(refundId) as RefundRow | undefined) ?? null
  }

  /** Everything given back of a payment, minor units. */
  given(paymentId: string): bigint {
    const rows = this.#ofPayment.all(paymentId) as unknown as RefundRow[]
    return rows.reduce((sum, { minor }) => sum + BigInt(minor), 0n)
  }

  /** Gives it, or gives the row of when it was given. */
  give({ refundId, paymentId, minor, reference }: RefundRow, now: number): RefundRow {
    this.#insert.run(refundId, paymentId, minor, reference, now)
    return this.find(refundId) ?? { refundId, paymentId, minor, reference }
  }
}
