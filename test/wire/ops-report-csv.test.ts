/** The report as a table: every field in its place, and no center that is silently left out. */
import { expect, it } from 'vitest'
import { Window } from '../../src/domain/window.ts'
import { daysCsv, reportCsv } from '../../src/wire/ops-report-csv.ts'

const DAY = Date.UTC(2026, 9, 5)

it('has a row for each day and subject, exact to the cent, and one for each center that is away', () => {
  const cells = new Window()
  Object.assign(cells.cell('corridor', 'TH>CN'), {
    opened: 3,
    committed: 2,
    aborted: 1,
    cny: 1_234_567,
    usd: 5,
  })
  Object.assign(cells.cell('all', 'all'), {
    opened: 3,
    committed: 2,
    aborted: 1,
    cny: 1_234_567,
    usd: 5,
  })
  expect(reportCsv(daysCsv([{ start: DAY, cells }]), ['fra']).split('\r\n')).toEqual([
    'day,dimension,name,opened,committed,aborted,reversed,refunds,refused,success_rate,cny,usd',
    '2026-10-05,all,all,3,2,1,0,0,0,0.6667,12345.67,0.05',
    '2026-10-05,corridor,TH>CN,3,2,1,0,0,0,0.6667,12345.67,0.05',
    ',missing,fra,,,,,,,,,',
    '',
  ])
})

it('keeps a name with commas and quotes in its field', () => {
  const cells = new Window()
  cells.cell('institution', 'a "b", c').refused += 1
  const [, row] = reportCsv(daysCsv([{ start: DAY, cells }]), []).split('\r\n')
  expect(row).toBe('2026-10-05,institution,"a ""b"", c",0,0,0,0,0,1,,0.00,0.00')
})
