/** What traffic a change is about: counted out of a center's projection, over the last hour, and never for long. */
import type { Step } from '../domain/steering.ts'

export interface Traffic {
  readonly payments: number
  readonly committed: number
  /** Undecided at this moment. */
  readonly open: number
  /** What was committed, by currency of the payee, minor units. */
  readonly value: Readonly<Record<string, bigint>>
  /** Members on either side. */
  readonly members: readonly string[]
  /** Whether there was more than was looked at. */
  readonly more: boolean
}

export const NO_TRAFFIC: Traffic = {
  payments: 0,
  committed: 0,
  open: 0,
  value: {},
  members: [],
  more: false,
}

/** Payments looked at: what they are worth stands in their bodies, and D1 answers one query at a time. */
const LOOKED_MAX = 10_000

// ?1 members · ?2 since · ?3 rows · ?4 to ?7 institutions, corridors, families, scenarios · ?8 whether all of this center
const TRAFFIC = `
WITH looked AS (
  SELECT p.* FROM json_each(?1) AS member CROSS JOIN payments AS p
  ON p.requester = member.value AND p.opened_at >= ?2 LIMIT ?3)
SELECT p.requester, p.responder, p.body ->> '$.terms.payee.currency' AS currency,
  count(*) AS payments, sum(p.result = 'S') AS committed, sum(p.result = 'U') AS open,
  cast(sum(iif(p.result = 'S', cast(p.body ->> '$.terms.payee.minor' AS INTEGER), 0)) AS TEXT) AS value
FROM looked AS p
WHERE p.requester IN (SELECT value FROM json_each(?4)) OR p.responder IN (SELECT value FROM json_each(?4))
   OR p.payer_market || '>' || p.payee_market IN (SELECT value FROM json_each(?5))
   OR p.family IN (SELECT value FROM json_each(?6)) OR p.scenario IN (SELECT value FROM json_each(?7)) OR ?8
GROUP BY 1, 2, 3`

interface Row {
  readonly requester: string
  readonly responder: string
  readonly currency: string
  readonly payments: number
  readonly committed: number
  readonly open: number
  readonly value: string
}

/** @param since milliseconds since 1970 */
export async function trafficOf(
  db: D1Database,
  center: string,
  steps: readonly Step[],
  members: readonly string[],
  since: number,
): Promise<Traffic> {
  const names = (subject: string) => JSON.stringify(steps.flatMap(step => nameIn(step, subject)))
  const [counted, looked] = await db.batch<Row & { looked: number }>([
    db
      .prepare(TRAFFIC)
      .bind(
        JSON.stringify(members),
        since,
        LOOKED_MAX,
        ...['institution', 'corridor', 'family', 'scenario'].map(names),
        steps.some(step => 'center' in step && step.center === center) ? 1 : 0,
      ),
    db
      .prepare(
        `SELECT count(*) AS looked FROM (SELECT 1 FROM json_each(?1) AS member CROSS JOIN payments AS p
         ON p.requester = member.value AND p.opened_at >= ?2 LIMIT ?3)`,
      )
      .bind(JSON.stringify(members), since, LOOKED_MAX + 1),
  ])
  const rows = counted?.results ?? []
  const more = (looked?.results[0]?.looked ?? 0) > LOOKED_MAX
  return {
    ...rows.map(trafficIn).reduce(together, NO_TRAFFIC),
    more,
  }
}

function nameIn(step: Step, subject: string): readonly string[] {
  if (step.kind === 'set_limit') return subject === 'institution' ? [step.limit.institution] : []
  if (step.kind === 'set_allowance') return subject === 'corridor' ? [step.allowance.corridor] : []
  if (step.kind === 'set_lanes') return subject === 'institution' ? [step.institution] : []
  if ('center' in step) return []
  const named = step.kind === 'restore_switch' ? step.row : step
  return named.subject === subject ? [named.name] : []
}

const trafficIn = ({ requester, responder, currency, value, ...counts }: Row): Traffic => ({
  payments: counts.payments,
  committed: counts.committed,
  open: counts.open,
  value: { [currency]: BigInt(value) },
  members: [requester, responder],
  more: false,
})

export const together = (one: Traffic, other: Traffic): Traffic => {
  const value: Record<string, bigint> = { ...one.value }
  for (const [currency, minor] of Object.entries(other.value)) {
    value[currency] = (value[currency] ?? 0n) + minor
  }
  return {
    payments: one.payments + other.payments,
    committed: one.committed + other.committed,
    open: one.open + other.open,
    value,
    members: [...new Set([...one.members, ...other.members])].sort(),
    more: one.more || other.more,
  }
}
