/** Duties: what is still owed after a decision, told again and again until it is acknowledged. */

/**
 * - `deliver_receipt`: the acquirer must learn of the commit, so that the merchant may hand over the goods.
 * - `capture`: a wallet that heard U must learn of the commit.
 * - `release_hold`: a wallet that heard U must learn of the abort.
 * - `void_order`: the acquirer may have accepted, and must undo it.
 */
export type DutyKind = 'deliver_receipt' | 'capture' | 'release_hold' | 'void_order'

export interface Duty {
  readonly kind: DutyKind
  /** The institution that must be told and must acknowledge. */
  readonly owner: string
  /** Milliseconds since 1970. */
  readonly since: number
  /** How often it was told without an acknowledgement. */
  readonly attempts: number
  /** When it is told next; null once it is acknowledged. */
  readonly nextAt: number | null
}

/** Seconds between attempts: quick while a till waits, then patient; the last one repeats for ever. */
const PACE_S = [1, 2, 4, 8, 15, 30, 60, 300, 900, 3600] as const

/** How long whoever decided has to tell it the first time before the lane's own timer does. */
export const FIRST_ATTEMPT_MS = 5_000

/** When a duty is told again after `attempts` attempts, the first included. */
export const retryAt = (attempts: number, now: number): number =>
  now + 1_000 * (PACE_S[Math.min(attempts, PACE_S.length) - 1] ?? 1)
