/** Times written in codes, as milliseconds since 1970. Null when the text is no such time. */
import { isDigits } from './shapes.ts'

/** `yyyymmddhhmmss` of a zone `offsetHours` ahead of UTC. */
export function instantMs(text: string, offsetHours: number): number | null {
  if (text.length !== 14 || !isDigits(text)) return null
  const [year, month, day] = [part(text, 0, 4), part(text, 4, 6), part(text, 6, 8)]
  const [hour, minute, second] = [part(text, 8, 10), part(text, 10, 12), part(text, 12, 14)]
  if (hour > 23 || minute > 59 || second > 59) return null
  const midnight = midnightMs(year, month, day)
  if (midnight === null) return null
  return midnight + ((hour - offsetHours) * 3600 + minute * 60 + second) * 1000
}

/** `yyyymmdd`: the last millisecond of that day in a zone `offsetHours` ahead of UTC. */
export function endOfDayMs(text: string, offsetHours: number): number | null {
  if (text.length !== 8 || !isDigits(text)) return null
  const midnight = midnightMs(part(text, 0, 4), part(text, 4, 6), part(text, 6, 8))
  return midnight === null ? null : midnight + (24 - offsetHours) * 3_600_000 - 1
}

const part = (text: string, from: number, to: number): number => Number(text.slice(from, to))

/** Null for days that no calendar has; Date.UTC would roll them over. */
function midnightMs(year: number, month: number, day: number): number | null {
  const ms = Date.UTC(year, month - 1, day)
  const date = new Date(ms)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : null
}
