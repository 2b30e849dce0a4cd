/** When a requester first asked, in its own words: bounded by our clock, because it names epoch and lane. */
import { ok, type Result, refuse } from '../domain/result.ts'
import { SIGNATURE_WINDOW_S } from '../domain/signature.ts'

/** @returns milliseconds since 1970, not further ahead of `now` than a signature may be */
export function requestedAtOf(text: string, now: number): Result<number> {
  const at = Date.parse(text)
  if (at <= now + SIGNATURE_WINDOW_S * 1000) return ok(at)
  return refuse('PARAM_ILLEGAL', { fields: [{ pointer: '/requestedAt', says: 'in the future' }] })
}
