/**
 * An acquirer's orders: offered with a quote, then accepted and delivered, or refused, or voided.
 * A refusal and a void are sticky, so whatever arrives later hears the same answer.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'

export type OrderState = 'offered' | 'accepted' | 'refused' | 'delivered' | 'voided' | 'reversed'

export interface OrderRow {
  readonly paymentId: string
  /** Null where a cancel came for a payment that was never asked about. */
  readonly order: string | null
  readonly merchantId: string | null
  /** The till's sale this order pays; null for a code that can be paid many times. */
  readonly sale: string | null
  /** What it costs, digits of minor units; null where the payer types the amount. */
  readonly minor: string | null
  readonly state: OrderState
  /** The acquirer's own reference of its acceptance. */
  readonly reference: string | null
  /** Why it was refused. */
  readonly code: string | null
}

/** What a till has printed a code for: one payment pays it. */
export interface SaleRow {
  readonly reference: string
  readonly merchantId: string
  readonly minor: string
  readonly paidBy: string | null
}

export class Orders {
  readonly #statements: Record<
    | 'offer'
    | 'find'
    | 'accept'
    | 'refuse'
    | 'deliver'
    | 'void'
    | 'reverse'
    | 'print'
    | 'sale'
    | 'take'
    | 'free',
    StatementSync
  >

  constructor(database: DatabaseSync) {
    this.#statements = {
      offer: database.prepare(
        `INSERT INTO orders VALUES (?, ?, ?, ?, ?, 'offered', NULL, NULL, ?)
          ON CONFLICT DO UPDATE SET order_id = excluded.order_id, merchant_id = excluded.merchant_id,
            sale = excluded.sale, minor = excluded.minor, changed_at = excluded.changed_at
          WHERE state = 'offered'`,
      ),
      find: database.prepare(
        `SELECT payment_id AS paymentId, order_id AS "order", merchant_id AS merchantId, sale, minor, state,
          reference, code FROM orders WHERE payment_id = ?`,
      ),
      accept: database.prepare(
        `UPDATE orders SET state = 'accepted', reference = ?, changed_at = ?
          WHERE payment_id = ? AND state = 'offered'`,
      ),
      refuse: database.prepare(
        `INSERT INTO orders (payment_id, state, code, changed_at) VALUES (?, 'refused', ?, ?)
          ON CONFLICT DO UPDATE SET state = 'refused', code = excluded.code, changed_at = excluded.changed_at
          WHERE state = 'offered'`,
      ),
      // The receipt is the gateway's word, so it counts even where the acceptance itself was lost.
      deliver: database.prepare(
        `INSERT INTO orders (payment_id, order_id, merchant_id, state, changed_at)
          VALUES (?, ?, ?, 'delivered', ?)
          ON CONFLICT DO UPDATE SET state = 'delivered', changed_at = excluded.changed_at
          WHERE state IN ('offered', 'accepted')`,
      ),
      void: database.prepare(
        `INSERT INTO orders (payment_id, state, changed_at) VALUES (?, 'voided', ?)
          ON CONFLICT DO UPDATE SET state = 'voided', changed_at = excluded.changed_at
          WHERE state IN ('offered', 'accepted')`,
      ),
      // Also an order nobody told us of: then its receipt is still on the way and must find it reversed.
      reverse: database.prepare(
        `INSERT INTO orders (payment_id, state, changed_at) VALUES (?, 'reversed', ?)
          ON CONFLICT DO UPDATE SET state = 'reversed', changed_at = excluded.changed_at`,
      ),
      print: database.prepare(`INSERT INTO sales VALUES (?, ?, ?, NULL)`),
      sale: database.prepare(
        `SELECT reference, merchant_id AS merchantId, minor, paid_by AS paidBy FROM sales WHERE reference = ?`,
      ),
      take: database.prepare(
        `UPDATE sales SET paid_by = ? WHERE reference = ? AND (paid_by IS NULL OR paid_by = ?)`,
      ),
      free: database.prepare(`UPDATE sales SET paid_by = NULL WHERE paid_by = ?`),
    }
  }

  find(paymentId: string): OrderRow | null {
    return (this.#statements.find.get(paymentId) as OrderRow | undefined) ?? null
  }

  /** Offers an order to a payment; the last offer counts. An order that is past the offer stays as it is. */
  offer(order: Pick<OrderRow, 'paymentId' | 'sale' | 'minor'> & Offered, now: number): OrderRow {
    const { paymentId, merchantId, sale, minor } = order
    this.#statements.offer.run(paymentId, order.order, merchantId, sale, minor, now)
    return this.#found(paymentId)
  }

  accept(paymentId: string, reference: string, now: number): OrderRow {
    this.#statements.accept.run(reference, now, paymentId)
    return this.#found(paymentId)
  }

  refuse(paymentId: string, code: string, now: number): OrderRow {
    this.#statements.refuse.run(paymentId, code, now)
    return this.#found(paymentId)
  }

  deliver(order: Offered & { readonly paymentId: string }, now: number): OrderRow {
    this.#statements.deliver.run(order.paymentId, order.order, order.merchantId, now)
    return this.#found(order.paymentId)
  }

  /** Voids what is not delivered, and the sale can be paid by another payment. */
  void(paymentId: string, now: number): OrderRow {
    this.#statements.void.run(paymentId, now)
    const order = this.#found(paymentId)
    if (order.state === 'voided') this.#statements.free.run(paymentId)
    return order
  }

  /** Undoes what was committed, delivered or not, and the sale can be paid by another payment. */
  reverse(paymentId: string, now: number): OrderRow {
    this.#statements.reverse.run(paymentId, now)
    this.#statements.free.run(paymentId)
    return this.#found(paymentId)
  }

  print(sale: Omit<SaleRow, 'paidBy'>): void {
    this.#statements.print.run(sale.reference, sale.merchantId, sale.minor)
  }

  sale(reference: string): SaleRow | null {
    return (this.#statements.sale.get(reference) as SaleRow | undefined) ?? null
  }

  /** Takes a sale for a payment; false when another payment has it. */
  takeSale(reference: string, paymentId: string): boolean {
    return this.#statements.take.run(paymentId, reference, paymentId).changes === 1
  }

  #found(paymentId: string): OrderRow {
    const order = this.find(paymentId)
    if (order === null) throw new Error(`no order of ${paymentId}`)
    return order
  }
}

interface Offered {
  readonly order: string
  readonly merchantId: string
}
