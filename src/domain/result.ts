/**
 * A decision either holds a value or refuses with a code.
 *
 * What a member can cause is a refusal, returned; what only our own code can cause is an assertion, thrown.
 */
import type { Refusal, RefusalCode, RefusalDetail } from './refusal.ts'

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })

export const refuse = (code: RefusalCode, detail?: RefusalDetail): Result<never> => ({
  ok: false,
  refusal: detail === undefined ? { code } : { code, detail },
})

/** For what cannot be unless our own code is wrong; a partner's mistake is a refusal instead. */
export function assert(belief: boolean, message: string): asserts belief {
  if (!belief) throw new Error(`broken belief: ${message}`)
}
