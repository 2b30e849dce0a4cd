/** Clocks of the world: how far a zone is ahead of UTC, and when its days begin. Zone rules are the platform's own. */

const DAY_MS = 86_400_000

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

/** A day, or a year, of a zone: from its first instant to the first of the next one. */
export interface Span {
  /** `2026-10-01`, or `2026`. */
  readonly label: string
  /** Milliseconds since 1970. */
  readonly from: number
  readonly until: number
}

const days = new Map<string, Span>()

/** The day of an instant. The last one of each zone is kept: nearly every question is about today. */
export function dayAt(at: number, zone: string): Span {
  const known = days.get(zone)
  if (known !== undefined && known.from <= at && at < known.until) return known
  const midnight = Math.floor((at + offsetAt(at, zone)) / DAY_MS) * DAY_MS
  const day = {
    label: new Date(midnight).toISOString().slice(0, 10),
    from: begin(midnight, zone),
    until: begin(midnight + DAY_MS, zone),
  }
  days.set(zone, day)
  return day
}

/** The calendar year of an instant. */
export function yearAt(at: number, zone: string): Span {
  const label = dayAt(at, zone).label.slice(0, 4)
  const first = (year: number) => begin(Date.UTC(year, 0, 1), zone)
  return { label, from: first(Number(label)), until: first(Number(label) + 1) }
}

/**
 * The first instant of the day that begins at this local midnight. Clocks may change in that very night: a midnight
 * that is skipped begins the day where it is skipped, and of one that comes twice the first that stays counts.
 *
 * @param midnight local time, as if the zone were UTC
 */
function begin(midnight: number, zone: string): number {
  const offsets = [-DAY_MS, 0, DAY_MS].map(ms => offsetAt(midnight + ms, zone))
  const starts = [...new Set(offsets)]
    .map(offset => midnight - offset)
    .filter(start => start + offsetAt(start, zone) >= midnight)
  return Math.min(...starts)
}
