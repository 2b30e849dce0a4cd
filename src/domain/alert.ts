/**
 * An alert: a finding that people tend. It is open until somebody acknowledges it, and resolved when it has passed or
 * somebody says so. The same thing found again is the same alert.
 */
import {
  type AnomalyKind,
  EVIDENCE_MAX,
  type Facts,
  type Finding,
  type Severity,
  type Subject,
} from './anomaly.ts'
import { ok, type Result, refuse } from './result.ts'

export interface Note {
  readonly at: number
  readonly by: string
  readonly text: string
}

export interface Alert {
  /** Counts up by one within the center, from 1. */
  readonly number: number
  readonly kind: AnomalyKind
  readonly subject: Subject
  readonly severity: Severity
  readonly state: 'open' | 'acknowledged' | 'resolved'
  readonly facts: Facts
  readonly confidence: number
  /** Newest first. */
  readonly payments: readonly string[]
  readonly paymentsSeen: number
  readonly also: readonly Subject[]
  /** Instants in milliseconds since 1970. */
  readonly since: number
  readonly raisedAt: number
  readonly lastSeenAt: number
  readonly endedAt: number | null
  /** `gateway` where it passed by itself. */
  readonly resolvedBy: string | null
  readonly reopened: number
  readonly owner: string | null
  readonly notes: readonly Note[]
  /** Raised while nobody wanted to hear of it; null otherwise. */
  readonly mutedUntil: number | null
  readonly version: number
}

const MINUTE_MS = 60_000
/** Not found again for so long, an alert has passed; each time it comes back it must stay away for twice as long. */
const PASSED_MS = 5 * MINUTE_MS
const PASSED_MAX_MS = 4 * 60 * MINUTE_MS
/** What happened once does not pass by itself; after a day it is history. */
const ONCE_MS = 24 * 60 * MINUTE_MS
const once: ReadonlySet<AnomalyKind> = new Set(['payer_travel', 'code_twice', 'structuring'])
/** Found again within this time, a resolved alert is opened again instead of a new one. */
export const REOPEN_MS = 15 * MINUTE_MS
/** Somebody who resolves it knows that it is still there for a moment. */
const RESOLVED_GRACE_MS = 2 * MINUTE_MS
export const NOTES_MAX = 100
/** While it lasts, its figures are brought up to date this often. */
const UPDATE_MS = 10_000

/** What alerts are told apart by. */
export const keyOf = ({ kind, subject }: Pick<Alert, 'kind' | 'subject'>): string =>
  `${kind} ${subject.dimension} ${subject.name}`

export const raise = (
  number: number,
  finding: Finding,
  mutedUntil: number | null,
  now: number,
): Alert => ({
  ...finding,
  number,
  state: 'open',
  raisedAt: now,
  lastSeenAt: now,
  endedAt: null,
  resolvedBy: null,
  reopened: 0,
  owner: null,
  notes: [],
  mutedUntil,
  version: 1,
})

const worst: readonly Severity[] = ['notice', 'warning', 'critical']
const worse = (one: Severity, other: Severity): Severity =>
  worst.indexOf(one) >= worst.indexOf(other) ? one : other

/** The alert after it was found again; the same one where there is nothing new to tell. */
export function foundAgain(alert: Alert, finding: Finding, now: number): Alert {
  const severity = worse(alert.severity, finding.severity)
  const isNews = severity !== alert.severity || finding.also.length > alert.also.length
  if (!isNews && now - alert.lastSeenAt < UPDATE_MS) return alert
  const payments = [...new Set([...finding.payments, ...alert.payments])].slice(0, EVIDENCE_MAX)
  return {
    ...alert,
    severity,
    facts: finding.facts,
    confidence: Math.max(alert.confidence, finding.confidence),
    payments,
    paymentsSeen: Math.max(alert.paymentsSeen, finding.paymentsSeen, payments.length),
    also: finding.also.length > alert.also.length ? finding.also : alert.also,
    lastSeenAt: now,
    version: alert.version + 1,
  }
}

/** Whether a finding opens a resolved alert again; otherwise it is too old for it, or what was resolved goes on. */
export function comesBack(
  alert: Alert,
  finding: Finding,
  now: number,
): 'reopens' | 'goes_on' | 'is_new' {
  const endedAt = alert.endedAt ?? now
  if (alert.resolvedBy !== GATEWAY) {
    if (finding.since <= endedAt && !once.has(alert.kind)) return 'goes_on'
    if (now - endedAt < RESOLVED_GRACE_MS) return 'goes_on'
  }
  return now - endedAt < REOPEN_MS ? 'reopens' : 'is_new'
}

export const GATEWAY = 'gateway'

export const reopen = (alert: Alert, finding: Finding, now: number): Alert => ({
  ...foundAgain({ ...alert, lastSeenAt: 0 }, finding, now),
  state: 'open',
  endedAt: null,
  resolvedBy: null,
  reopened: alert.reopened + 1,
})

/** How many there are, by how bad they are. */
export type AlertCounts = Readonly<Record<Severity, number>>

export function countsOf(alerts: readonly Alert[]): AlertCounts {
  const counts = { critical: 0, warning: 0, notice: 0 }
  for (const { severity } of alerts) counts[severity] += 1
  return counts
}

const isCalling = ({ state, mutedUntil }: Alert) => state !== 'resolved' && mutedUntil === null

/** Those that somebody wants to hear of. */
export const calling = (alerts: readonly Alert[]): readonly Alert[] => alerts.filter(isCalling)

/** What people should look at first: what calls for somebody, of that the worst, of that the newest. */
export const worstFirst = (one: Alert, other: Alert): number =>
  Number(isCalling(other)) - Number(isCalling(one)) ||
  worst.indexOf(other.severity) - worst.indexOf(one.severity) ||
  other.raisedAt - one.raisedAt ||
  other.number - one.number

/** Whether it has not been found for so long that it has passed. */
export function hasPassed({ kind, lastSeenAt, reopened }: Alert, now: number): boolean {
  const patience = once.has(kind)
    ? ONCE_MS
    : Math.min(PASSED_MS * 2 ** Math.min(reopened, 10), PASSED_MAX_MS)
  return now - lastSeenAt >= patience
}

/** Refuses with ALERT_RESOLVED: what is over needs no owner. A second one takes it over. */
export function acknowledge(alert: Alert, by: string): Result<Alert> {
  if (alert.state === 'resolved') return refuse('ALERT_RESOLVED')
  if (alert.state === 'acknowledged' && alert.owner === by) return ok(alert)
  return ok({ ...alert, state: 'acknowledged', owner: by, version: alert.version + 1 })
}

/** Resolving what is resolved changes nothing. */
export function resolve(alert: Alert, by: string, now: number): Alert {
  if (alert.state === 'resolved') return alert
  return { ...alert, state: 'resolved', endedAt: now, resolvedBy: by, version: alert.version + 1 }
}

/** Refuses with ALERT_FULL. */
export function annotate(alert: Alert, note: Note): Result<Alert> {
  if (alert.notes.length >= NOTES_MAX) return refuse('ALERT_FULL')
  return ok({ ...alert, notes: [...alert.notes, note], version: alert.version + 1 })
}
