/** When a requester first asked, in its own words: bounded by our clock, because it names epoch and lane. */
import { ok, type Result, refuse } from '../domain/result.ts'

/**
 * How far a requester's clock may run ahead of ours: less than `SURE_MS`, because nobody knows the epochs of a later
 * moment yet.
 */
export const AHEAD_MAX_MS = 5_000

/** A first request is made within a day of being asked for; later its epoch may be over. */
const FIRST_MAX_MS = 24 * 60 * 60 * 1_000

/** Of a request that may be a repetition. @returns milliseconds since 1970 */
export function requestedAtOf(text: string, now: number): Result<number> {
  const at = Date.parse(text)
  return at <= now + AHEAD_MAX_MS ? ok(at) : illegal("ahead of the gateway's clock")
}

/** Of a request that makes something new. @returns milliseconds since 1970 */
export function firstRequestedAt(text: string, now: number): Result<number> {
  const at = requestedAtOf(text, now)
  return at.ok && at.value < now - FIRST_MAX_MS ? illegal('more than a day ago') : at
}

const illegal = (says: string) =>
  refuse('PARAM_ILLEGAL', { fields: [{ pointer: '/requestedAt', says }] })
