/** Mutes: what nobody wants to hear of for a while, because it is known, or is being mended. It is still written down. */
import { type AnomalyKind, type Subject, sameSubject } from './anomaly.ts'

export interface Mute {
  /** The same in every center. */
  readonly id: string
  /** Null for every kind, or every subject. */
  readonly kind: AnomalyKind | null
  readonly subject: Subject | null
  /** Milliseconds since 1970. */
  readonly from: number
  readonly until: number
  readonly reason: string
  readonly by: string
}

/** Whether one asks for the other again; when it was asked for, and by whom, makes no other mute of it. */
export const sameMute = (one: Mute, other: Mute): boolean =>
  one.kind === other.kind &&
  one.until === other.until &&
  one.reason === other.reason &&
  (one.subject === null || other.subject === null
    ? one.subject === other.subject
    : sameSubject(one.subject, other.subject))

export const MUTES_MAX = 100
/** A mute is a pause, no switch: at the longest a week. */
export const MUTE_LONGEST_MS = 7 * 86_400_000

/** Until when a finding is muted; null where it is not. */
export function mutedUntil(
  mutes: readonly Mute[],
  { kind, subject }: { readonly kind: AnomalyKind; readonly subject: Subject },
  now: number,
): number | null {
  const ends = mutes
    .filter(mute => mute.from <= now && now < mute.until)
    .filter(mute => mute.kind === null || mute.kind === kind)
    .filter(mute => mute.subject === null || sameSubject(mute.subject, subject))
    .map(({ until }) => until)
  return ends.length === 0 ? null : Math.max(...ends)
}
