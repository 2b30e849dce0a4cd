/** The report as a table for spreadsheets (RFC 4180): a row for each UTC day and everything that was counted of it. */
import type { Window } from '../domain/window.ts'
import { reportRow } from './ops-report-view.ts'
import { instantText } from './view.ts'

const heads = [
  'day',
  'dimension',
  'name',
  'opened',
  'committed',
  'aborted',
  'reversed',
  'refunds',
  'refused',
  'success_rate',
  'cny',
  'usd',
] as const

/** Text with what would end a field in it goes between quotes. */
const field = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value

/** Both currencies have two digits behind the point. */
const major = (minor: string): string => {
  const digits = minor.padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** @param periods days, oldest first */
export function daysCsv(
  periods: readonly { readonly start: number; readonly cells: Window }[],
): string {
  const rows = periods.flatMap(({ start, cells }) =>
    [...cells.cells()]
      .toSorted(
        (one, other) =>
          one.dimension.localeCompare(other.dimension) || one.name.localeCompare(other.name),
      )
      .map(({ dimension, name, cell }) => {
        const row = reportRow(name, cell)
        const counts = [
          row.opened,
          row.committed,
          row.aborted,
          row.reversed,
          row.refunds,
          row.refused,
        ]
        const rate = row.successRate === null ? '' : row.successRate.toFixed(4)
        const values = [major(row.cny.minor), major(row.usd.minor)]
        return [
          instantText(start).slice(0, 10),
          dimension,
          name,
          ...counts.map(String),
          rate,
          ...values,
        ]
      }),
  )
  return linesOf(rows)
}

/**
 * A center that could not be asked is a row of its own, `missing`, so that no file passes for the whole that is none.
 *
 * @param days as `daysCsv` gives them
 */
export function reportCsv(days: string, missing: readonly string[]): string {
  const holes = missing.map(center =>
    heads.map((_, at) => (at === 1 ? 'missing' : at === 2 ? center : '')),
  )
  return linesOf([heads]) + days + linesOf(holes)
}

const linesOf = (rows: readonly (readonly string[])[]): string =>
  rows.map(row => `${row.map(field).join(',')}\r\n`).join('')
