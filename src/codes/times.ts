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

/** `yyyy-mm-ddThh:mm:ss` with a zone (`Z` or `+hh:mm`); without one, nobody knows when it is. */
export function zonedMs(text: string): number | null {
  const zone = text.endsWith('Z') ? text.length - 1 : text.length - 6
  const shape = text.slice(0, 19).replaceAll(':', '').replaceAll('-', '').replace('T', '')
  if (zone < 19 || text[10] !== 'T') return null
  const local = instantMs(shape, 0)
  if (local === null || text[zone] === 'Z') return local
  const sign = text[zone] === '+' ? 1 : text[zone] === '-' ? -1 : 0
  const hours = text.slice(zone + 1, zone + 3)
  const minutes = text.slice(zone + 4)
  if (sign === 0 || text[zone + 3] !== ':' || !isDigits(hours + minutes)) return null
  return local - sign * (Number(hours) * 60 + Number(minutes)) * 60_000
}

const part = (text: string, from: number, to: number): number => Number(text.slice(from, to))

/** Null for days that no calendar has; Date.UTC would roll them over. */
function midnightMs(year: number, month: number, day: number): number | null {
  const ms = Date.UTC(year, month - 1, day)
  const date = new Date(ms)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : null
}
