/** Windows of the monitors as rows of a report. */
import { type Cell, type Dimension, successRate, type Window } from '../domain/window.ts'
import type { ReportRow } from './ops-report.ts'

export const reportRow = (name: string, cell: Cell): ReportRow => ({
  name,
  opened: cell.opened,
  committed: cell.committed,
  aborted: cell.aborted,
  reversed: cell.reversed,
  refunds: cell.refunds,
  refused: cell.refused,
  successRate: successRate(cell),
  cny: { currency: 'CNY', minor: `${cell.cny}` },
  usd: { currency: 'USD', minor: `${cell.usd}` },
})

/** Rows of one kind, the most value first. */
export const reportRows = (window: Window, dimension: Dimension): ReportRow[] =>
  [...window.cells()]
    .filter(each => each.dimension === dimension)
    .toSorted((one, other) => other.cell.usd - one.cell.usd || other.cell.opened - one.cell.opened)
    .map(({ name, cell }) => reportRow(name, cell))
