/** Statements in a journal: holds, acceptances, refusals, cancels, refunds; who must have signed each, and whether that still verifies. */
import type { Recorded } from '../../../durable-objects/derive.ts'
import { type Evidence, saidIn } from '../../domain/evidence.ts'
import { acquirerOf, walletOf } from '../../domain/quote.ts'
import { allowanceCodes } from '../../domain/refusal.ts'
import { SIGNATURE_WINDOW_S } from '../../domain/signature.ts'
import { type Held, verifyEvidence } from '../../trust/evidence.ts'
import type { KeyFinder } from '../../trust/signature.ts'
import type { Fault } from './findings.ts'

export interface Statement {
  readonly id: string
  /** Who must have made it. */
  readonly institution: string
  /** Under which key, by the journal's word; null where it does not say. */
  readonly key: string | null
  /** When the lane heard it, milliseconds since 1970. */
  readonly at: number
  readonly evidence: Evidence | null
  /** A line of a switch's file: one message decides many payments. */
  readonly shared: boolean
}

/** What a line of a switch's file may have brought. */
const decidedByFile: ReadonlySet<string> = new Set(['committed', 'aborted', 'late_acceptance'])

/** Aborts that nobody stated: by the clock, by a cancel, or because the payer's allowance does not allow it. */
const unstated: ReadonlySet<string> = new Set(['DEADLINE_EXCEEDED', 'CANCELLED', ...allowanceCodes])

/** The statement that an event rests on; null where it rests on none. */
export function statementOf({ id, event, payment }: Recorded): Statement | null {
  if (payment === null || event.type === 'barred') return null
  const { requester, responder } = payment.terms
  const evidence = 'evidence' in event ? (event.evidence ?? null) : null
  const shared = decidedByFile.has(event.type) && evidence !== null && evidence.asked === undefined
  const { at } = event
  const made = (institution: string, key: string | null) => ({
    id,
    institution,
    key,
    at,
    evidence,
    shared,
  })
  switch (event.type) {
    case 'opened':
      // In CPM nothing is held yet: the request is signed, and the hold names no key.
      return made(requester, event.hold.key === '' ? null : event.hold.key)
    case 'committed':
      return made(responder, event.acceptance.key)
    case 'late_acceptance':
      return made(responder, event.acceptance?.key ?? null)
    case 'user_asked':
      return made(responder, null)
    case 'cancel_asked':
      return made(event.by === 'acquirer' ? acquirerOf(payment.terms) : requester, null)
    case 'refund_queued':
      return made(acquirerOf(payment.terms), null)
    case 'refund_done':
    case 'refund_failed':
    case 'refund_unapplied':
      return made(walletOf(payment.terms), null)
    case 'aborted':
      return unstated.has(event.resultCode) ? null : made(responder, null)
    default:
      return null
  }
}

const faultOf: Record<Exclude<Held, 'holds'>, Fault> = {
  stranger: 'statement_differs',
  key_unknown: 'statement_keyless',
  forged: 'statement_forged',
  question_forged: 'question_forged',
}

/** A signature counts for five minutes, and no two clocks of the gateway are further apart than that. */
const HEARD_WITHIN_MS = 2 * SIGNATURE_WINDOW_S * 1_000

/**
 * What is wrong with a statement; null where it holds. Without keys its signature is not looked at.
 *
 * @param seen signatures of the statements before it: who has no new one may show an old one
 */
export async function faultIn(
  { institution, key, at, evidence, shared }: Statement,
  seen: Set<string>,
  find: KeyFinder | null,
): Promise<Fault | null> {
  if (evidence === null) return 'statement_missing'
  const said = saidIn(evidence.base)
  const isTheirs = said.institution === institution && (key === null || said.key === key)
  const isOfThen = Math.abs((said.created ?? 0) * 1_000 - at) <= HEARD_WITHIN_MS
  if (!isTheirs || !isOfThen) return 'statement_differs'
  if (!shared && seen.has(evidence.signature)) return 'statement_repeated'
  seen.add(evidence.signature)
  if (find === null) return null
  const held = await verifyEvidence(evidence, institution, find)
  return held === 'holds' ? null : faultOf[held]
}
