/**
 * The audit chain: what the staff did, and what it was not let do, each entry bound by hash to the one before. What
 * is left out, altered or put in between later does not fit any more.
 */
import type { StaffRole } from './access.ts'
import type { Doer } from './change.ts'

/** Everything that is written down. */
export const actions = [
  'payment.read',
  'journal.read',
  'dead_letter.replay',
  'projection.replay',
  'change.propose',
  'change.apply',
  'change.approve',
  'change.reject',
  'change.withdraw',
  'change.undo',
  'center.order',
  'plan.save',
  'plan.drop',
  'plan.rehearse',
  'alert.read',
  'alert.acknowledge',
  'alert.resolve',
  'alert.note',
  'alert.mute',
  'alert.unmute',
  'access.denied',
] as const
export type Action = (typeof actions)[number]

export interface Deed {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly by: Doer
  readonly roles: readonly StaffRole[]
  readonly action: Action
  /** What it was done to: a payment, a change, a plan, an address. */
  readonly subject: string
  /** `done`, or the result code that refused it; `begun` of what is done elsewhere, and ends in a later entry. */
  readonly outcome: string
  /** What else must not be denied later: reason, steps, facts. */
  readonly detail: string
  /** The HTTP request that did it. */
  readonly request: string
}

export interface AuditEntry extends Deed {
  /** Counts up by one from 1. */
  readonly seq: number
  /** SHA-256, hex, of `textOf` this entry after the hash before. */
  readonly hash: string
}

/** What stands before the first entry. */
export const AUDIT_START = { seq: 0, hash: '0'.repeat(64) } as const

/** Longer details are cut: an entry is a row, and a row is bounded. */
export const DETAIL_MAX = 8_000

/** What is hashed: every field, in a fixed order, after the hash of the entry before. */
export const textOf = (before: string, seq: number, deed: Deed): string => {
  const { at, by, roles, action, subject, outcome, detail, request } = deed
  return JSON.stringify([
    before,
    seq,
    at,
    by.id,
    by.name,
    roles.join(' '),
    action,
    subject,
    outcome,
    detail,
    request,
  ])
}

/** An entry as a line of the log: who did what to what, and its place in the chain. */
export const staffLine = ({ action, by, subject, outcome, request, seq, hash }: AuditEntry) => ({
  log: 'staff',
  event: action,
  staff: by.id,
  subject,
  outcome,
  request,
  seq,
  hash,
})

/** Where a run of entries stops being a chain. */
export type AuditFault =
  | { readonly fault: 'gap'; readonly seq: number }
  | { readonly fault: 'hash'; readonly seq: number }

/**
 * The first entry that does not follow from the one before it; null where all do.
 *
 * @param hashes of `textOf` each entry, computed anew
 */
export function faultIn(
  start: { readonly seq: number; readonly hash: string },
  entries: readonly Pick<AuditEntry, 'seq' | 'hash'>[],
  hashes: readonly string[],
): AuditFault | null {
  let before = start.seq
  for (const [place, { seq, hash }] of entries.entries()) {
    if (seq !== before + 1) return { fault: 'gap', seq: before + 1 }
    if (hash !== hashes[place]) return { fault: 'hash', seq }
    before = seq
  }
  return null
}
