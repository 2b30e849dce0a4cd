/** From alerts as a monitor keeps them to what people and machines see. */
import type { Alert } from '../domain/alert.ts'
import type { Mute } from '../domain/alert-mute.ts'
import { wordsOf } from '../domain/alert-text.ts'
import { type Subject, shown } from '../domain/anomaly.ts'
import type { AlertView, MuteView } from './alert.ts'
import { instantText } from './view.ts'

const instantOrNull = (at: number | null) => (at === null ? null : instantText(at))

/** An alert's id names its center, so that it is found without a search. */
export const alertId = (center: string, number: number): string => `alr_${center}_${number}`

/** Without names that only the monitor may know. */
export const subjectView = (subject: Subject): AlertView['subject'] => {
  const { dimension, name } = shown(subject)
  return { dimension, name }
}

/** @param showsPayer only for those who may see payers, and have asked for it */
export const alertView = (center: string, alert: Alert, showsPayer = false): AlertView => ({
  id: alertId(center, alert.number),
  center,
  kind: alert.kind,
  subject: subjectView(alert.subject),
  payer: showsPayer && alert.subject.dimension === 'payer' ? alert.subject.name : null,
  severity: alert.severity,
  state: alert.state,
  says: wordsOf(alert),
  facts: { ...alert.facts },
  confidence: alert.confidence,
  payments: [...alert.payments],
  paymentsSeen: alert.paymentsSeen,
  also: alert.also.map(subjectView),
  since: instantText(alert.since),
  raisedAt: instantText(alert.raisedAt),
  lastSeenAt: instantText(alert.lastSeenAt),
  endedAt: instantOrNull(alert.endedAt),
  resolvedBy: alert.resolvedBy,
  reopened: alert.reopened,
  owner: alert.owner,
  notes: alert.notes.map(({ at, by, text }) => ({ at: instantText(at), by, text })),
  mutedUntil: instantOrNull(alert.mutedUntil),
  version: alert.version,
})

/** @param notIn centers that are not known to have it */
export const muteView = (
  { from, until, subject, ...mute }: Mute,
  notIn: readonly string[],
): MuteView => ({
  ...mute,
  notIn: [...notIn],
  subject: subject && subjectView(subject),
  from: instantText(from),
  until: instantText(until),
})
