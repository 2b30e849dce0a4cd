/** From alerts as a monitor keeps them to what people and machines see. */
import type { Alert } from '../domain/alert.ts'
import type { Mute } from '../domain/alert-mute.ts'
import { wordsOf } from '../domain/alert-text.ts'
import type { AlertView, MuteView } from './alert.ts'
import { instantText } from './view.ts'

const instantOrNull = (at: number | null) => (at === null ? null : instantText(at))

/** An alert's id names its center, so that it is found without a search. */
export const alertId = (center: string, number: number): string => `alr_${center}_${number}`

export const alertView = (center: string, alert: Alert): AlertView => ({
  id: alertId(center, alert.number),
  center,
  kind: alert.kind,
  subject: alert.subject,
  severity: alert.severity,
  state: alert.state,
  says: wordsOf(alert),
  facts: { ...alert.facts },
  confidence: alert.confidence,
  payments: [...alert.payments],
  paymentsSeen: alert.paymentsSeen,
  also: [...alert.also],
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

export const muteView = ({ from, until, ...mute }: Mute): MuteView => ({
  ...mute,
  from: instantText(from),
  until: instantText(until),
})
