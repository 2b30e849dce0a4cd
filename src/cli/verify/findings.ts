/** What verification may find, in plain words, and what to do about each. */
import type { laneFaults } from '../../../durable-objects/derive.ts'
import type { projectionFaults } from '../../db/projected.ts'

/** What somebody must do, in the order of gravity. */
// biome-ignore format: a table is read by column
const acts = {
  seize:   'Stop this center, keep its files as they are, and bring the lane back to a moment before the change (the storage keeps 30 days). Members hold receipts and their own books to compare with.',
  restart: 'The journal holds, so nothing is lost: let the lane make it again from its journal, and look who wrote there.',
  project: 'The journal holds, so nothing is lost: project the lane again, and look who wrote to this database.',
  witness: 'Compare with the anchors that members have kept (GET /v1/anchors), and look who wrote to the database that lost them.',
  member:  'Ask the member for the message it signed: its digest is in the journal. Until it is shown, treat the statement as not made.',
  keys:    'Give the public keys with --keys; where the directory never had this key, treat the statement as not made.',
} as const

type Act = keyof typeof acts

export type Fault =
  | (typeof laneFaults)[number]
  | (typeof projectionFaults)[number]
  | 'lane_missing'
  | 'lane_unreadable'
  | 'payment_misplaced'
  | 'statement_missing'
  | 'statement_forged'
  | 'statement_differs'
  | 'statement_repeated'
  | 'statement_keyless'
  | 'question_forged'
  | 'anchor_broken'
  | 'anchor_gone'
  | 'anchor_differs'
  | 'anchor_denied'

// biome-ignore format: a table is read by column
const faults: Record<Fault, readonly [says: string, act: Act]> = {
  // The journal of a lane.
  hash:               ['The bytes of a row are not those that were chained: it was changed, or one before it is gone.', 'seize'],
  anchor:             ['A row is not the one that was anchored outside, or is not there any more: history was written anew.', 'seize'],
  row_order:          ['A row stands where it cannot be.', 'seize'],
  row_length:         ['A row does not follow on: rows between are gone, or events in it.', 'seize'],
  row_unreadable:     ['A row cannot be read as events.', 'seize'],
  event_impossible:   ['An event cannot have happened to its payment as it then was.', 'seize'],
  payment_misplaced:  ['The journal speaks of a payment of another lane.', 'seize'],
  lane_missing:       ['The lane has been projected or anchored, and its database is not there.', 'seize'],
  lane_unreadable:    ['The lane’s database cannot be read.', 'seize'],
  // What the lane keeps beside it.
  payment_missing:    ['The journal makes a payment that the lane does not have.', 'restart'],
  payment_unknown:    ['The lane has a payment that its journal never made.', 'restart'],
  payment_differs:    ['The lane has another payment than its journal makes.', 'restart'],
  timer_differs:      ['The payment’s timer is not the one it must have; without it nobody finishes the payment.', 'restart'],
  rows_differ:        ['The rows listed for the payment’s timeline are not those that speak of it.', 'restart'],
  bar_missing:        ['An id that was barred is open again.', 'restart'],
  bar_unknown:        ['An id is barred that nobody barred.', 'restart'],
  bar_differs:        ['A bar does not say what its journal says.', 'restart'],
  mark_differs:       ['The lane believes that more was told than there is.', 'restart'],
  // What members signed.
  statement_missing:  ['A statement has no signature, although the lane keeps them.', 'member'],
  statement_forged:   ['The signature under a statement does not verify.', 'member'],
  statement_differs:  ['A statement is signed by another member, under another key or at another time than the journal says.', 'member'],
  statement_repeated: ['A statement shows a signature that is under another statement already.', 'member'],
  question_forged:    ['The question that a statement answers was not signed by the gateway.', 'member'],
  statement_keyless:  ['The key under a statement is not known, so nobody can tell whose it is.', 'keys'],
  // What others have.
  anchor_broken:      ['An anchor does not follow from the one before it.', 'witness'],
  anchor_gone:        ['An anchor that was made is gone.', 'witness'],
  anchor_differs:     ['The two copies of an anchor differ.', 'witness'],
  anchor_denied:      ['A member keeps another hash of this anchor.', 'seize'],
  progress_ahead:     ['The projection has more events than the journal.', 'seize'],
  progress_behind:    ['The lane was told that more is projected than is there, so it will not tell it again.', 'project'],
  projection_missing: ['A payment that was projected is not there.', 'project'],
  projection_unknown: ['The projection has a payment that no journal made.', 'project'],
  projection_ahead:   ['The projection has a version of a payment that its journal never made.', 'project'],
  projection_behind:  ['The projection has an older payment than it was told.', 'project'],
  projection_differs: ['The projection shows another payment than the journal makes.', 'project'],
  feed_missing:       ['An event that a member must hear is not in its feed.', 'project'],
  feed_unknown:       ['A member’s feed has an event that no journal has.', 'project'],
}

export const faultKinds = Object.keys(faults) as readonly Fault[]

export interface Finding {
  readonly fault: Fault
  readonly center: string
  /** Null for what is of a whole center. */
  readonly lane: string | null
  /** Row, payment or number. */
  readonly where: string
  readonly says: string
  readonly next: string
}

export function findingOf(
  fault: Fault,
  at: { readonly center: string; readonly lane?: string; readonly where: string },
): Finding {
  const [says, act] = faults[fault]
  return { fault, center: at.center, lane: at.lane ?? null, where: at.where, says, next: acts[act] }
}
