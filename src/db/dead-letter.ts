/** Dead letters: what an institution has not acknowledged for so long that somebody should look. */
import type { DutyKind } from '../domain/duty.ts'
import type { DeadLetterPlace } from './cursor.ts'
import type { CenterPage } from './page.ts'

export interface DeadLetter {
  readonly paymentId: string
  readonly duty: DutyKind
  /** The refund it is about; null for duties about the payment. */
  readonly about: string | null
  /** Milliseconds since 1970. */
  readonly since: number
  readonly attempts: number
}

// ?1 institution · ?2 to ?5 after this one · ?6 rows
const LIST = `
SELECT payment AS paymentId, duty, about, since, attempts FROM dead_letters
WHERE institution = ?1 AND (since, payment, duty, about) > (?2, ?3, ?4, ?5)
ORDER BY since, payment, duty, about LIMIT ?6`

/** Before every letter there is. */
const START: DeadLetterPlace = [0, '', '', '']

interface Row extends DeadLetter {
  /** Empty for duties about the payment: a primary key holds no NULL. */
  readonly about: string
}

/** How letters of several centers are merged. */
export const isOlder = (one: DeadLetter, other: DeadLetter): boolean => one.since < other.since

/** Oldest first. */
export async function listDeadLetters(
  db: D1Database,
  query: {
    readonly institution: string
    readonly after: DeadLetterPlace | null
    /** 1 to 200. */
    readonly limit: number
  },
): Promise<CenterPage<DeadLetter, DeadLetterPlace>> {
  const { institution, after, limit } = query
  const { results } = await db
    .prepare(LIST)
    .bind(institution, ...(after ?? START), limit + 1)
    .all<Row>()
  const items = results.slice(0, limit).map(({ about, ...letter }) => ({
    item: { ...letter, about: about === '' ? null : about },
    place: [letter.since, letter.paymentId, letter.duty, about] as const,
  }))
  return { items, end: items.at(-1)?.place ?? null, more: results.length > limit }
}

// ?1 institution, or null for all · ?2 rows. They are few, so no index of time alone is kept for them.
const LIST_ALL = `
SELECT payment AS paymentId, institution, duty, nullif(about, '') AS about, since, attempts
FROM dead_letters WHERE institution = ?1 OR ?1 IS NULL ORDER BY since, payment LIMIT ?2`

/** Of every institution, or of one; oldest first. */
export async function listAllDeadLetters(
  db: D1Database,
  institution: string | null,
  limit: number,
): Promise<readonly (DeadLetter & { readonly institution: string })[]> {
  const { results } = await db
    .prepare(LIST_ALL)
    .bind(institution, limit)
    .all<DeadLetter & { institution: string }>()
  return results
}
