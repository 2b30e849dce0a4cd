/**
 * The audit chain as deeds. What is done elsewhere than in the directory has two entries, that it is begun and how it
 * ended: whoever reads sees one row for both, where it ended. What is begun and has no end keeps a row of its own,
 * because that is what an auditor looks for.
 */
import type { AuditEntryView } from '../wire/ops-audit.ts'

export interface DeedRow {
  readonly entry: AuditEntryView
  /** The other half of the deed: that it was begun, or how it ended; null where there is none. */
  readonly other: AuditEntryView | null
}

export interface Deeds {
  readonly data: readonly DeedRow[]
  /** Of the page that follows, of what is older; null where nothing is. */
  readonly nextCursor: string | null
}

/** Entries of a page. */
const PAGE = 100
/** Halves of a deed that are further apart than this have a row each, because the pages of both could not tell. */
const NEAR = 50
/** What the interface gives at a time. */
const ASKED_MAX = PAGE + 2 * NEAR
/** How often what is newer than an older page is asked for an end that is not near. */
const LOOKS_MAX = 5

type Ask = (query: {
  readonly limit: number
  readonly cursor?: string
}) => Promise<{ readonly data: readonly AuditEntryView[] }>

/**
 * The deeds of one page, newest first.
 *
 * @param cursor of the page: only entries before it are on it; undefined for the first
 * @param ask    the interface: entries, newest first, all before its cursor
 */
export async function deedsAt(cursor: string | undefined, ask: Ask): Promise<Deeds> {
  const end = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
  const beside =
    cursor === undefined ? { limit: PAGE + NEAR } : { limit: ASKED_MAX, cursor: `${end + NEAR}` }
  let entries = (await ask(beside)).data
  // All that is newer than the first page is on it.
  for (let looks = 0; cursor !== undefined && looks < LOOKS_MAX; looks += 1) {
    const { data } = deedsOf(entries, end)
    const [{ seq } = { seq: 0 }] = entries
    if (!data.some(isUnended)) break
    const { data: more } = await ask({ limit: ASKED_MAX, cursor: `${seq + 1 + ASKED_MAX}` })
    const newer = more.filter(each => each.seq > seq)
    if (newer.length === 0) break
    entries = [...newer, ...entries]
  }
  return deedsOf(entries, end)
}

/** It may be done or not. */
export const isUnended = ({ entry, other }: DeedRow): boolean =>
  entry.outcome === 'begun' && other === null

function deedsOf(entries: readonly AuditEntryView[], end: number): Deeds {
  const otherOf = halves(entries)
  const page = entries.filter(({ seq }) => seq < end).slice(0, PAGE)
  const rows = page.map(entry => ({ entry, other: otherOf.get(entry) ?? null }))
  const last = page.at(-1)?.seq ?? 1
  return { data: rows.filter(row => !isToldLater(row)), nextCursor: last > 1 ? `${last}` : null }
}

/** Names the row of a deed, which is the same one once it has ended. */
export const keyOf = ({ entry, other }: DeedRow): number =>
  other !== null && isNear(entry, other) ? Math.min(entry.seq, other.seq) : entry.seq

const isNear = (one: AuditEntryView, other: AuditEntryView): boolean =>
  Math.abs(one.seq - other.seq) <= NEAR

/** Whether the row of its end, on whatever page that is, tells of this one, too. */
const isToldLater = ({ entry, other }: DeedRow): boolean =>
  entry.outcome === 'begun' && other !== null && isNear(entry, other)

/** Of each half of a deed the other one: by the same person, of the same request. */
function halves(entries: readonly AuditEntryView[]): Map<AuditEntryView, AuditEntryView> {
  const open = new Map<string, AuditEntryView>()
  const otherOf = new Map<AuditEntryView, AuditEntryView>()
  for (const entry of entries.toReversed()) {
    const { by, action, subject, request, outcome } = entry
    const deed = JSON.stringify([by.id, action, subject, request])
    const begun = open.get(deed)
    if (outcome === 'begun') open.set(deed, entry)
    else if (begun !== undefined) {
      otherOf.set(entry, begun).set(begun, entry)
      open.delete(deed)
    }
  }
  return otherOf
}
