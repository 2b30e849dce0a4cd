/**
 * The cut: until when a committed payment can still be cancelled in full. The day of the acquirer's market ends at
 * its midnight, and a quarter of an hour later what was committed on it goes into clearing.
 */

const DAY_MS = 86_400_000
const AFTER_MIDNIGHT_MS = 15 * 60_000

/**
 * @param committedAt milliseconds since 1970
 * @param zone IANA time zone of the acquirer
 * @returns the first instant at which it is too late
 */
export function cutAfter(committedAt: number, zone: string): number {
  const localDay = Math.floor((committedAt + offsetAt(committedAt, zone)) / DAY_MS)
  const localCut = (localDay + 1) * DAY_MS + AFTER_MIDNIGHT_MS
  // The offset at the cut is found by trying: clocks may change in the night between.
  const guess = localCut - offsetAt(committedAt, zone)
  return localCut - offsetAt(guess, zone)
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, made)
  return made
}

/** How far the zone's clock is ahead of UTC at an instant, milliseconds. */
function offsetAt(at: number, zone: string): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes) => Number(parts.get(name))
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return local - Math.floor(at / 1_000) * 1_000
}
