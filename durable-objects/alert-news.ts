/**
 * News of alerts on their way to the sockets. A storm changes hundreds in a second and a message has room for some: the
 * worst go first, and the rest in the next ones.
 */
import { type Alert, worstFirst } from '../src/domain/alert.ts'

/** Alerts of one message: with it no message is longer than some 100 KB. */
export const NEWS_MAX = 50
/** That wait. What is beyond is told by none: every message says how many call, and lists are asked for. */
const WAITING_MAX = 1_000

export class AlertNews {
  /** Each as it is now, by its number. */
  #waiting = new Map<number, Alert>()

  put(alert: Alert) {
    this.#waiting.set(alert.number, alert)
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0
  }

  /** What goes into the next message, and how many are left for those after it. */
  take(): { readonly alerts: readonly Alert[]; readonly left: number } {
    const waiting = [...this.#waiting.values()].sort(worstFirst)
    const left = waiting.slice(NEWS_MAX, NEWS_MAX + WAITING_MAX)
    this.#waiting = new Map(left.map(alert => [alert.number, alert]))
    return { alerts: waiting.slice(0, NEWS_MAX), left: left.length }
  }
}
