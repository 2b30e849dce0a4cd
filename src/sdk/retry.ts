/** Asking again: the same request, after a growing and jittered pause, for as long as patience lasts. */
import type { Problem } from '../wire/problem.ts'
import type { Heard } from './exchange.ts'

export interface Patience {
  /** All attempts and pauses together, milliseconds. */
  readonly totalMs: number
  /** Bound of the first pause; each next one doubles up to `pauseMaxMs`. */
  readonly pauseMs: number
  readonly pauseMaxMs: number
  readonly attemptsMax: number
}

export const usualPatience: Patience = {
  totalMs: 30_000,
  pauseMs: 200,
  pauseMaxMs: 3_000,
  attemptsMax: 12,
}

export interface Clock {
  readonly now: () => number
  readonly pause: (ms: number) => Promise<void>
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number
}

/** From half of the bound to the whole: spread enough to part a crowd, never so short that it hammers. */
export function pauseBefore(attempt: number, patience: Patience, random: number): number {
  const bound = Math.min(patience.pauseMs * 2 ** (attempt - 1), patience.pauseMaxMs)
  return Math.round(bound / 2 + (bound / 2) * random)
}

/** Refusals that only say "not now" about the call; every other refusal is an answer. */
const isLoss = (heard: Heard<unknown>): boolean =>
  heard.said === 'nothing' || (heard.said === 'refusal' && isOpen(heard.problem))

/** F is an answer, whatever may be asked again. */
const isOpen = ({ result, retry, status }: Problem): boolean =>
  (result === null && (retry === 'same' || status >= 500)) || (result === 'U' && retry === 'same')

/** The gateway vouches that this very attempt has made no payment. */
const openedNothing = (heard: Heard<unknown>): boolean =>
  heard.said === 'refusal' && heard.problem.opened === false

const askedFor = (heard: Heard<unknown>): number =>
  heard.said === 'refusal' ? (heard.problem.retryAfterMs ?? 0) : 0

/**
 * Attempts until something is heard that counts, or patience ends; then gives the last thing heard.
 *
 * @param attempt sends once; told how many milliseconds are left for it
 * @returns what was heard, and how many attempts before it were lost: those may have done what was asked
 */
export async function insist<T>(
  attempt: (leftMs: number) => Promise<Heard<T>>,
  patience: Patience,
  { now, pause, random }: Clock,
): Promise<{ heard: Heard<T>; lost: number }> {
  const until = now() + patience.totalMs
  let lost = 0
  for (let attempts = 1; ; attempts++) {
    const heard = await attempt(Math.max(until - now(), 1))
    if (!isLoss(heard) || attempts >= patience.attemptsMax) return { heard, lost }
    // The gateway's own word about when counts, if it asks for more patience than ours.
    const pauseMs = Math.max(pauseBefore(attempts, patience, random()), askedFor(heard))
    if (now() + pauseMs >= until) return { heard, lost }
    if (!openedNothing(heard)) lost += 1
    await pause(pauseMs)
  }
}
