/** The book of alerts: turns what is found each second into alerts that open, last, pass and come back. */
import {
  type Alert,
  comesBack,
  foundAgain,
  GATEWAY,
  hasPassed,
  keyOf,
  REOPEN_MS,
  raise,
  reopen,
  resolve,
} from './alert.ts'
import { type Mute, mutedUntil } from './alert-mute.ts'
import type { Finding } from './anomaly.ts'

/** Alerts that are not resolved; beyond it the one that was not seen for the longest is given up. */
export const OPEN_MAX = 500
/** With those that are resolved and may come back. */
const KEPT_MAX = 2_000

/** An alert as it is now, and as it was; null for a new one. */
export interface Changed {
  readonly alert: Alert
  readonly before: Alert | null
}

export class AlertBook {
  /** The newest alert of each key, while it may come back. */
  readonly #alerts = new Map<string, Alert>()
  #last: number

  /** @param last number of the newest alert there ever was */
  constructor(alerts: readonly Alert[], last: number) {
    for (const alert of alerts) this.#alerts.set(keyOf(alert), alert)
    this.#last = last
  }

  get last(): number {
    return this.#last
  }

  /** Those that are not resolved, newest first. */
  get open(): readonly Alert[] {
    return [...this.#alerts.values()]
      .filter(({ state }) => state !== 'resolved')
      .sort((one, other) => other.raisedAt - one.raisedAt)
  }

  find(number: number): Alert | undefined {
    return [...this.#alerts.values()].find(alert => alert.number === number)
  }

  /** Takes what is found at this moment; gives what changed. */
  take(findings: readonly Finding[], mutes: readonly Mute[], now: number): readonly Changed[] {
    const changed = new Map<number, Changed>()
    const keep = (alert: Alert) => {
      const known = this.#alerts.get(keyOf(alert))
      const before = known?.number === alert.number ? known : null
      this.#alerts.set(keyOf(alert), alert)
      changed.set(alert.number, { before, ...changed.get(alert.number), alert })
    }
    for (const finding of findings) {
      const next = this.#next(finding, mutedUntil(mutes, finding, now), now)
      if (next !== null) keep(next)
    }
    for (const alert of this.#alerts.values()) {
      if (alert.state !== 'resolved' && hasPassed(alert, now)) keep(resolve(alert, GATEWAY, now))
      else if (alert.state !== 'resolved') {
        // A mute may come after the alert; and one that has ended, of something that goes on, is news.
        const muted = mutedUntil(mutes, alert, now)
        if (muted !== alert.mutedUntil) {
          keep({ ...alert, mutedUntil: muted, version: alert.version + 1 })
        }
      }
    }
    for (const alert of this.#surplus()) keep(resolve(alert, GATEWAY, now))
    this.#forget(now)
    return [...changed.values()]
  }

  /** The alert that a finding makes or changes; null where there is nothing to tell. */
  #next(finding: Finding, muted: number | null, now: number): Alert | null {
    const known = this.#alerts.get(keyOf(finding))
    if (known === undefined) return this.#raise(finding, muted, now)
    if (known.state !== 'resolved') {
      const again = foundAgain(known, finding, now)
      return again === known ? null : again
    }
    switch (comesBack(known, finding, now)) {
      case 'goes_on':
        return null
      case 'reopens':
        return { ...reopen(known, finding, now), mutedUntil: muted }
      case 'is_new':
        return this.#raise(finding, muted, now)
    }
  }

  #raise(finding: Finding, muted: number | null, now: number): Alert {
    this.#last += 1
    return raise(this.#last, finding, muted, now)
  }

  /** Writes what somebody did to an alert. */
  put(alert: Alert) {
    this.#alerts.set(keyOf(alert), alert)
  }

  #surplus(): readonly Alert[] {
    const { open } = this
    if (open.length <= OPEN_MAX) return []
    return open
      .toSorted((one, other) => one.lastSeenAt - other.lastSeenAt)
      .slice(0, open.length - OPEN_MAX)
  }

  #forget(now: number) {
    for (const [key, { state, endedAt, resolvedBy }] of this.#alerts) {
      // What a person resolved is remembered until the trouble itself is over, at the longest a day.
      const keptMs = resolvedBy === GATEWAY ? REOPEN_MS : 86_400_000
      const isOld = now - (endedAt ?? now) >= keptMs || this.#alerts.size > KEPT_MAX
      if (state === 'resolved' && isOld) this.#alerts.delete(key)
    }
  }
}
