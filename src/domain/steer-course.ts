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
  /** From when on, where that is later than when it is made; milliseconds since 1970. */
  readonly from?: number
  /** What was announced beside it, the earliest first; only ever in a step back, so that what would have ended does. */
  readonly next?: readonly { readonly from: number; readonly value: string | null }[]
}

/** What was agreed on only after the instant that was asked for begins when it is made. */
export const beginOf = ({ from }: Pick<Setting, 'from'>, now: number): number =>
  Math.max(from ?? now, now)

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
export const settingNow = (rows: readonly Held[], now: number): Setting => ({
  value: digitsOf(heldAt(rows, now)),
  next: rows
    .filter(({ from }) => from > now)
    .toReversed()
    .map(({ from, value }) => ({ from, value: digitsOf(value) })),
})

/** What is written: the announced rows that go, by when they would begin, and the rows that come. */
interface Course {
  readonly drops: readonly number[]
  readonly puts: readonly Held[]
}

/**
 * The new value from its beginning on, and what would have held by then from the end on. What is announced before the
 * beginning stays.
 *
 * @param until when the change ends by itself, null for never
 * @param rows newest first
 */
export function courseOf(
  setting: Setting,
  until: number | null,
  rows: readonly Held[],
  now: number,
): Course {
  const { value, next } = setting
  if (next !== undefined) return courseBack(amountOf(value), next, rows, now)
  const begin = beginOf(setting, now)
  const drops = announced(rows, now).filter(at => at >= begin && (until === null || at <= until))
  const first = { from: begin, value: amountOf(value) }
  const then = until === null ? [] : [{ from: until, value: heldAt(rows, until) }]
  return { drops, puts: [first, ...then] }
}

/**
 * A step back has ends of its own: of what it puts back, whatever has begun meanwhile holds at once. What holds anyway
 * is not written anew, so that a change that had not begun leaves no trace.
 */
function courseBack(
  value: bigint | null,
  next: NonNullable<Setting['next']>,
  rows: readonly Held[],
  now: number,
): Course {
  const back = next.map(each => ({ from: each.from, value: amountOf(each.value) }))
  const begun = back.findLast(({ from }) => from <= now)
  const holds = begun === undefined ? value : begun.value
  const first = heldAt(rows, now) === holds ? [] : [{ from: now, value: holds }]
  return {
    drops: announced(rows, now),
    puts: [...first, ...back.filter(({ from }) => from > now)],
  }
}

const announced = (rows: readonly Held[], now: number): readonly number[] =>
  rows.flatMap(({ from }) => (from > now ? from : []))

/** The rows as they are with the course in them, newest first: of two of one instant the one that comes is written over the other. */
const rowsWith = ({ drops, puts }: Course, rows: readonly Held[]): readonly Held[] =>
  newestFirst([
    ...puts,
    ...rows.filter(({ from }) => !drops.includes(from) && !puts.some(put => put.from === from)),
  ])

/** How many turns to come the course leaves announced. */
export const turnsAhead = (course: Course, rows: readonly Held[], now: number): number =>
  announced(rowsWith(course, rows), now).length

/** What was to hold and what comes to hold instead, as it begins and whenever either of them turns. The first is the beginning. */
export function turnsOf(
  setting: Setting,
  until: number | null,
  rows: readonly Held[],
  now: number,
): readonly { readonly was: bigint | null; readonly becomes: bigint | null }[] {
  const course = courseOf(setting, until, rows, now)
  const after = rowsWith(course, rows)
  const instants = [beginOf(setting, now), ...course.drops, ...course.puts.map(({ from }) => from)]
  return [...new Set(instants)].map(at => ({ was: heldAt(rows, at), becomes: heldAt(after, at) }))
}

/** What is announced of one value is a handful of turns, so that whoever looks at it sees all of them. */
export const ANNOUNCED_MAX = 8

/** The row in force and all that is announced, in words that are the same as long as they are. @param rows newest first */
export function courseFact(rows: readonly Held[]): string {
  const [newest, before, ...older] = rows.slice(0, ANNOUNCED_MAX + 1)
  const words = [newest, before].map(row => (row ? wordsOf(row) : 'none'))
  return [...words, ...older.map(wordsOf)].join(', ')
}

const wordsOf = ({ value, from }: Held): string => `${value} from ${from}`
