/**
 * The course of a value that is steered: each holds from an instant on until the next one does, and some are announced.
 * To set one takes away what is announced, so what a step makes of the value is seen only over all of its course.
 */

/** Null for no bound; instants in milliseconds since 1970. */
interface Held {
  readonly from: number
  readonly value: bigint | null
}

/** What a step sets, as digits, because steps are kept as JSON; null for no bound. */
export interface Setting {
  readonly value: string | null
  /** What was announced beside it, the earliest first; only ever in a step back, so that what would have ended does. */
  readonly next?: readonly { readonly from: number; readonly value: string | null }[]
}

/** Of a step: minor units or payments. */
export const amountOf = (value: string | null): bigint | null =>
  value === null ? null : BigInt(value)

const digitsOf = (value: bigint | null): string | null => value?.toString() ?? null

export const newestFirst = <Row extends Held>(rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((one, other) => other.from - one.from)

/** What holds at an instant; null where nothing bounds. @param rows newest first */
export const heldAt = (rows: readonly Held[], at: number): bigint | null =>
  rows.find(({ from }) => from <= at)?.value ?? null

/** What puts back all that is so now, and all that is announced. @param rows newest first */
export function settingNow(rows: readonly Held[], now: number): Setting {
  const next = rows
    .filter(({ from }) => from > now)
    .toReversed()
    .map(({ from, value }) => ({ from, value: digitsOf(value) }))
  const value = digitsOf(heldAt(rows, now))
  return next.length === 0 ? { value } : { value, next }
}

/** What is written: the announced rows that go, by when they would begin, and the rows that come. */
interface Course {
  readonly drops: readonly number[]
  readonly puts: readonly [Held, ...Held[]]
}

/**
 * The new value from now on, and what would have held by then from the end on. A step back has ends of its own: of
 * what it puts back, whatever has begun meanwhile holds at once.
 *
 * @param until when the change ends by itself, null for never
 * @param rows newest first
 */
export function courseOf(
  { value, next }: Setting,
  until: number | null,
  rows: readonly Held[],
  now: number,
): Course {
  const end = next === undefined ? until : null
  const drops = rows
    .filter(({ from }) => from > now && (end === null || from <= end))
    .map(({ from }) => from)
  const back = (next ?? []).map(each => ({ from: each.from, value: amountOf(each.value) }))
  const begun = back.findLast(({ from }) => from <= now)
  const first = { from: now, value: begun === undefined ? amountOf(value) : begun.value }
  const then =
    end === null ? back.filter(({ from }) => from > now) : [{ from: end, value: heldAt(rows, end) }]
  return { drops, puts: [first, ...then] }
}

/** What was to hold and what comes to hold instead, now and whenever either of them turns. The first is now. */
export function turnsOf(
  setting: Setting,
  until: number | null,
  rows: readonly Held[],
  now: number,
): readonly { readonly was: bigint | null; readonly becomes: bigint | null }[] {
  const { drops, puts } = courseOf(setting, until, rows, now)
  // Of two rows of one instant the one that comes is written over the other.
  const after = newestFirst([...puts, ...rows.filter(({ from }) => !drops.includes(from))])
  const instants = new Set([now, ...drops, ...puts.map(({ from }) => from)])
  return [...instants].map(at => ({ was: heldAt(rows, at), becomes: heldAt(after, at) }))
}
