/** What a drill came to: how many of what, and what must never be. */
import { isFinal, type Payment } from '../../src/domain/payment.ts'
import { booksAgree, nothingIsMadeUp } from '../kill/agreement.ts'
import type { Check } from '../kill/checks.ts'
import * as checks from '../kill/checks.ts'
import type { Evidence } from '../kill/evidence.ts'
import * as refunds from '../kill/refund-checks.ts'
import { usesOf } from './limits.ts'

export interface Account {
  readonly drill: string
  /** Payments that somebody asked for, and how they ended in the gateway's books. */
  readonly attempted: number
  readonly committed: number
  readonly aborted: number
  readonly reversed: number
  readonly neverOpened: number
  readonly refunds: number
  /** First answered U, and of those the ones that have a final answer. */
  readonly unknown: number
  readonly resolved: number
  readonly recoverySeconds: number
  readonly overshoot: number
  readonly duplicates: number
  readonly lost: number
}

const RECOVERY_MAX_S = 15

/** More than one payment for one request. */
const requestsOnce: Check = ({ payments }) =>
  [
    ...Map.groupBy(payments.values(), ({ terms }) => `${terms.requester} ${terms.requestId}`),
  ].filter(([, made]) => made.length > 1)

const duplicates: readonly Check[] = [
  requestsOnce,
  checks.decidedOnce,
  checks.codesUsedOnce,
  checks.ordersPaidOnce,
  refunds.refundsFit,
  refunds.walletsGaveThem,
]

const losses: readonly Check[] = [
  checks.answersHold,
  checks.nothingIsNothing,
  checks.dutiesKept,
  checks.lanesVerify,
  checks.projectionIsWhole,
  checks.eventsReadOnce,
  refunds.refundAnswersHold,
  refunds.acquirersWereTold,
  booksAgree,
  nothingIsMadeUp,
]

/** Every breach, in words. */
export const breachesOf = (evidence: Evidence): readonly string[] => [
  ...usesOf(evidence).flatMap(({ limit, value, taken }) =>
    taken > value ? [`overshoot: ${limit}: ${taken} of ${value}`] : [],
  ),
  ...told('duplicate', duplicates, evidence),
  ...told('lost', losses, evidence),
]

const told = (what: string, list: readonly Check[], evidence: Evidence): readonly string[] =>
  list.flatMap(check =>
    check(evidence).map(breach => `${what}: ${check.name}: ${JSON.stringify(breach, digits)}`),
  )

const digits = (_key: string, value: unknown) =>
  typeof value === 'bigint' ? value.toString() : value

const broken = (list: readonly Check[], evidence: Evidence): number =>
  list.reduce((sum, check) => sum + check(evidence).length, 0)

export function accountOf(drill: string, evidence: Evidence, recoverySeconds: number): Account {
  const { heard, payments } = evidence
  const byRequest = new Map<string, Payment>(
    [...payments.values()].map(payment => [
      `${payment.terms.requester} ${payment.terms.requestId}`,
      payment,
    ]),
  )
  const made = heard.attempts.map(({ by, requestId }) => byRequest.get(`${by} ${requestId}`))
  const ended = (status: string) => made.filter(payment => payment?.status === status).length
  const unknown = made.filter((_, index) => heard.attempts[index]?.result === 'U')
  const over = usesOf(evidence).filter(({ value, taken }) => taken > value)
  return {
    drill,
    attempted: made.length,
    committed: ended('committed'),
    aborted: ended('aborted'),
    reversed: ended('reversed'),
    neverOpened: made.filter(payment => payment === undefined).length,
    refunds: [...payments.values()].flatMap(each => each.refunds ?? []).length,
    unknown: unknown.length,
    // Whatever was asked about has been answered by now, or the stage would still wait.
    resolved: unknown.filter(payment => payment === undefined || isFinal(payment.status)).length,
    recoverySeconds: Math.round(recoverySeconds * 10) / 10,
    overshoot: over.length,
    duplicates: broken(duplicates, evidence),
    lost: broken(losses, evidence),
  }
}

export const isClean = (account: Account): boolean =>
  account.overshoot + account.duplicates + account.lost === 0 &&
  account.resolved === account.unknown &&
  account.recoverySeconds < RECOVERY_MAX_S
