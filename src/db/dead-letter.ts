/** Dead letters: what an institution has not acknowledged for so long that somebody should look. */
import type { DutyKind } from '../domain/duty.ts'

export interface DeadLetter {
  readonly paymentId: string
  readonly duty: DutyKind
  /** The refund it is about; null for duties about the payment. */
  readonly about: string | null
  /** Milliseconds since 1970. */
  readonly since: number
  readonly attempts: number
}

// ?1 institution · ?2 rows
const LIST = `
SELECT payment AS paymentId, duty, nullif(about, '') AS about, since, attempts
FROM dead_letters WHERE institution = ?1 ORDER BY since, payment LIMIT ?2`

/** Oldest first. */
export async function listDeadLetters(
  db: D1Database,
  institution: string,
  limit: number,
): Promise<readonly DeadLetter[]> {
  const { results } = await db.prepare(LIST).bind(institution, limit).all<DeadLetter>()
  return results
}
