/** Everything that can be known when all is over: what was told, and what is written where. */
import { publicTypes } from '../../src/db/projection.ts'
import type { Payment, PaymentEvent } from '../../src/domain/payment.ts'
import { laneName, placeOf } from '../../src/domain/payment-id.ts'
import type { Box } from '../../src/local/box.ts'
import {
  type Entry,
  type LaneBook,
  laneBooks,
  type MemberBook,
  memberBook,
  projectedBooks,
  usedCodes,
} from './books.ts'
import type { Heard } from './heard.ts'

export interface Evidence {
  readonly heard: Heard
  /** Members that acknowledge no notice until the end. */
  readonly deaf: ReadonlySet<string>
  readonly lanes: readonly LaneBook[]
  readonly payments: ReadonlyMap<string, Payment>
  readonly entries: readonly Entry[]
  readonly projected: ReadonlyMap<string, Payment>
  readonly codes: readonly { readonly token: string; readonly paymentId: string }[]
  readonly members: ReadonlyMap<string, MemberBook>
  /** Ids of the events that each member read, in its order. */
  readonly read: ReadonlyMap<string, readonly string[]>
  /** What acquirers were told of how refunds ended, by refund. */
  readonly reports: ReadonlyMap<string, ReadonlySet<string>>
}

/** Call when everything has stopped. */
export function gatherEvidence(
  folder: string,
  known: Pick<Evidence, 'heard' | 'deaf' | 'read' | 'reports'>,
): Evidence {
  const lanes = laneBooks(folder)
  return {
    ...known,
    lanes,
    payments: new Map(lanes.flatMap(({ payments }) => [...payments])),
    entries: lanes.flatMap(({ entries }) => entries),
    projected: projectedBooks(folder),
    codes: usedCodes(folder),
    members: new Map([...known.read.keys()].map(id => [id, memberBook(folder, id)])),
  }
}

/** Every event that a member must have read by now, by the id under which it is told. */
export const eventsOf = ({ entries, payments }: Evidence, member: string): string[] =>
  entries.flatMap(({ seq, paymentId, event }) => {
    const { requester, responder } = payments.get(paymentId)?.terms ?? {}
    const concerns = member === requester || member === responder
    return concerns && isPublic(event) ? `${laneName(placeOf(paymentId)!)}:${seq}` : []
  })

const isPublic = ({ type }: PaymentEvent): boolean => type in publicTypes

/** The pages of a member's events, from the beginning to the end. */
export async function readEvents(box: Box, member: string): Promise<readonly string[]> {
  const { client } = box.wallets.get(member)?.wallet ?? box.acquirers.get(member)!
  const ids: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await client.events({ limit: 200, ...(after === undefined ? {} : { after }) })
    if (page.missing.length > 0) throw new Error(`no word from ${page.missing}`)
    if (page.data.length === 0) return ids
    ids.push(...page.data.map(({ id }) => id))
    after = page.nextCursor
  }
}
