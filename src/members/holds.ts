/** A wallet's holds: money set aside for one purchase, then captured or released, once. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'

export type HoldState = 'held' | 'captured' | 'released' | 'returned'

export interface HoldRow {
  readonly requestId: string
  /** What the wallet tells the gateway as proof of the hold. */
  readonly reference: string
  readonly paymentId: string
  /** RFC 3339. */
  readonly requestedAt: string
  /** ISO 4217 and digits of minor units. */
  readonly currency: string
  readonly minor: string
  /** When the quote ends, milliseconds since 1970: a payment unknown after it can never come to be. */
  readonly expiresAt: number
  readonly state: HoldState
}

export class Holds {
  readonly #insert: StatementSync
  readonly #byRequest: StatementSync
  readonly #byPayment: StatementSync
  readonly #settle: StatementSync
  readonly #open: StatementSync
  readonly #return: StatementSync

  constructor(database: DatabaseSync) {
    const columns = `request_id AS requestId, reference, payment_id AS paymentId,
      requested_at AS requestedAt, currency, minor, expires_at AS expiresAt, state`
    this.#insert = database.prepare(
      `INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?, ?, 'held', ?) ON CONFLICT DO NOTHING`,
    )
    this.#byRequest = database.prepare(`SELECT ${columns} FROM holds WHERE request_id = ?`)
    this.#byPayment = database.prepare(`SELECT ${columns} FROM holds WHERE payment_id = ?`)
    this.#settle = database.prepare(
      `UPDATE holds SET state = ?, changed_at = ? WHERE payment_id = ? AND state = 'held'`,
    )
    this.#return = database.prepare(
      `UPDATE holds SET state = 'returned', changed_at = ? WHERE payment_id = ? AND state = 'captured'`,
    )
    this.#open = database.prepare(
      `SELECT ${columns} FROM holds WHERE state = 'held' AND changed_at <= ? LIMIT ?`,
    )
  }

  /** Places a hold, or gives the one this request has already. */
  place(hold: Omit<HoldRow, 'state'>, now: number): HoldRow {
    const { requestId, reference, paymentId, requestedAt, currency, minor, expiresAt } = hold
    this.#insert.run(requestId, reference, paymentId, requestedAt, currency, minor, expiresAt, now)
    const placed = this.byRequest(requestId)
    if (placed === null) throw new Error(`payment ${paymentId} has a hold of another request`)
    return placed
  }

  /**
   * Captures or releases what a payment holds; again is no change.
   * Throws where nothing is held for it, or where the opposite has been done: both mean that the two books disagree.
   */
  settle(paymentId: string, state: 'captured' | 'released', now: number): HoldRow {
    this.#settle.run(state, now, paymentId)
    const hold = this.byPayment(paymentId)
    if (hold === null) throw new Error(`nothing is held for ${paymentId}`)
    if (hold.state !== state) throw new Error(`the hold of ${paymentId} is ${hold.state} already`)
    return hold
  }

  /** Gives back what a payment took: what is still held is released, what was captured is returned. Again is no change. */
  giveBack(paymentId: string, now: number): HoldRow {
    this.#settle.run('released', now, paymentId)
    this.#return.run(now, paymentId)
    const hold = this.byPayment(paymentId)
    if (hold === null) throw new Error(`nothing is held for ${paymentId}`)
    return hold
  }

  byRequest(requestId: string): HoldRow | null {
    return (this.#byRequest.get(requestId) as HoldRow | undefined) ?? null
  }

  byPayment(paymentId: string): HoldRow | null {
    return (this.#byPayment.get(paymentId) as HoldRow | undefined) ?? null
  }

  /** Holds placed at or before an instant that still wait for a decision. */
  open(placedBy: number, limit: number): readonly HoldRow[] {
    return this.#open.all(placedBy, limit) as unknown as HoldRow[]
  }
}
