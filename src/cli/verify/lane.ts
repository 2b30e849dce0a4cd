/** One lane verified: its journal, what it keeps beside it, what its members signed, and what its projection shows. */

import type { Recorded } from '../../../durable-objects/derive.ts'
import type { Sql } from '../../../durable-objects/sql.ts'
import { auditLane } from '../../../durable-objects/verify.ts'
import { type Projected, ProjectionCheck } from '../../db/projected.ts'
import type { Head } from '../../domain/anchor.ts'
import { laneName, placeOf } from '../../domain/payment-id.ts'
import type { KeyFinder } from '../../trust/signature.ts'
import { type Fault, type Finding, findingOf } from './findings.ts'
import { faultIn, type Statement, statementOf } from './statements.ts'

export interface LaneReport {
  readonly center: string
  readonly lane: string
  readonly rows: number
  readonly events: number
  readonly payments: number
  /** Statements that carry a signature, and those of them that were verified. */
  readonly statements: number
  readonly verified: number
  /** Up to which event somebody outside has kept the chain; 0 for nothing. */
  readonly anchored: number
  /** Up to which event it is projected; null where no projection was at hand. */
  readonly projected: number | null
  readonly findings: readonly Finding[]
}

/** What is known of the lane from elsewhere; read before the lane is, so that a lane that goes on is only further. */
export interface Around {
  readonly center: string
  readonly lane: string
  readonly extent: 'whole' | 'journal'
  readonly heads: readonly Head[]
  readonly projected: Projected | null
  /** How far it is projected by now. */
  progress(): number
  /** Null where no keys are at hand: signatures are then not verified. */
  readonly find: KeyFinder | null
}

export async function verifyLaneBook(sql: Sql, around: Around): Promise<LaneReport> {
  const { center, lane, heads, projected, find } = around
  const findings: Finding[] = []
  const found = (fault: Fault, where: string) =>
    findings.push(findingOf(fault, { center, lane, where }))
  const [told] = sql.rows<{ value: number }>("SELECT value FROM mark WHERE name = 'projected'")
  const check = projected && new ProjectionCheck(projected)
  const statements: Statement[] = []
  let keeps = false

  const hear = (recorded: Recorded) => {
    const { seq, id, event, payment } = recorded
    check?.hear(seq, id, event, payment)
    const place = placeOf(id)
    if (place === null || laneName(place) !== lane) found('payment_misplaced', id)
    const statement = statementOf(recorded)
    keeps ||= statement !== null && statement.evidence !== null
    // Rows from before signatures were kept have none; from the first one on none may be missing.
    if (statement !== null && keeps) statements.push(statement)
  }
  const audit = auditLane(sql, heads, guarded(hear, found), around.extent)
  for (const { fault, where } of audit.faults) found(fault, where)
  const faults = check?.end(audit.seq, told?.value ?? 0, around.progress()) ?? []
  for (const { fault, where } of faults) found(fault, where)
  let verified = 0
  const seen = new Set<string>()
  for (const statement of statements) {
    const fault = await faultIn(statement, seen, find)
    if (fault !== null) found(fault, statement.id)
    else if (find !== null) verified += 1
  }
  return {
    center,
    lane,
    rows: audit.rows,
    events: audit.seq,
    payments: audit.payments.size,
    statements: statements.length,
    verified,
    anchored: heads.reduce((most, { seq }) => Math.max(most, seq), 0),
    projected: projected?.progress.seq ?? null,
    findings,
  }
}

/** What was tampered with may lack what every event has. */
const guarded =
  (hear: (recorded: Recorded) => void, found: (fault: Fault, where: string) => void) =>
  (recorded: Recorded) => {
    try {
      hear(recorded)
    } catch {
      found('event_impossible', `event ${recorded.seq}`)
    }
  }
