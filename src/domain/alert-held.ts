/**
 * What is told to an operator's endpoint at once, and what is held back: an incident that hits everything opens dozens of
 * alerts, and whoever is called for each of them hears none. What is held back is told together, with how many it was.
 */
import type { Alert } from './alert.ts'

/** What became of an alert, worth telling people who are not looking. */
export type Turn = 'opened' | 'acknowledged' | 'resolved'

/** What was held back from an endpoint in a minute, and what it had not heard of before. */
export interface Held {
  /** From when on, and when the minute ends in which it was gathered; milliseconds since 1970. */
  readonly from: number
  readonly until: number
  readonly opened: number
  readonly acknowledged: number
  readonly resolved: number
  /** Of those that opened. */
  readonly critical: number
  /** The first of them. */
  readonly alerts: readonly HeldAlert[]
}

export interface HeldAlert extends Pick<Alert, 'number' | 'kind' | 'subject' | 'severity'> {
  readonly turn: Turn
}

/** Told one by one in a minute, and those that may come on top of it because they are grave. */
export const TOLD_MAX = 10
export const GRAVE_MAX = 10
/** Named in what is told together; the rest are counted. */
export const NAMED_MAX = 50
export const MINUTE_MS = 60_000

/** @param told how many were told one by one in this minute */
export const isToldAlone = (told: number, turn: Turn, { severity }: Alert): boolean =>
  told < TOLD_MAX || (turn === 'opened' && severity === 'critical' && told < TOLD_MAX + GRAVE_MAX)

/** @param known what was held back so far */
export function holdBack(known: Held, turn: Turn, alert: Alert): Held {
  const { number, kind, subject, severity } = alert
  const isGrave = turn === 'opened' && severity === 'critical'
  return {
    ...known,
    [turn]: known[turn] + 1,
    critical: known.critical + (isGrave ? 1 : 0),
    alerts:
      known.alerts.length < NAMED_MAX
        ? [...known.alerts, { number, turn, kind, subject, severity }]
        : known.alerts,
  }
}

/** Both as one; they are told where the newer one ends. */
export const together = (older: Held, newer: Held): Held => ({
  from: Math.min(older.from, newer.from),
  until: newer.until,
  opened: older.opened + newer.opened,
  acknowledged: older.acknowledged + newer.acknowledged,
  resolved: older.resolved + newer.resolved,
  critical: older.critical + newer.critical,
  alerts: [...older.alerts, ...newer.alerts].slice(0, NAMED_MAX),
})

/** Nothing yet, of the minute that goes on. */
export const heldNothing = (now: number): Held => {
  const from = now - (now % MINUTE_MS)
  return { ...NOTHING, from, until: from + MINUTE_MS }
}

const NOTHING = { opened: 0, acknowledged: 0, resolved: 0, critical: 0, alerts: [] } as const

export const heldCount = ({ opened, acknowledged, resolved }: Held): number =>
  opened + acknowledged + resolved
