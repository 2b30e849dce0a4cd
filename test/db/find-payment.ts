/** One payment of a projection by its id alone, which the product never asks for: it knows whose it is, or asks its lane. */
import { unpackJson } from '../../src/domain/pack.ts'
import type { Payment } from '../../src/domain/payment.ts'

export async function findPayment(db: D1Database, id: string): Promise<Payment | null> {
  const row = await db
    .prepare('SELECT body FROM payments WHERE id = ?1')
    .bind(id)
    .first<{ body: string }>()
  return row && unpackJson<Payment>(row.body)
}
