/** Reports: what went through, day by day and corridor by corridor, to be read here or taken away as a table. */
import { useState } from 'preact/hooks'
import { OTHER } from '../../domain/window.ts'
import type { Report, ReportRow } from '../../wire/ops-report.ts'
import { read } from '../api.ts'
import { count, money, share } from '../format.ts'
import { useLoaded } from '../load.ts'
import { Member } from '../parts/member.tsx'
import { Missing } from '../parts/missing.tsx'
import { Problem } from '../parts/problem.tsx'
import { Scroll } from '../parts/scroll.tsx'
import { t } from '../store.ts'

const PATH = '/ops/v1/reports/traffic'
const choices = [1, 7, 30, 92] as const
const EVERY_MS = 30_000

export function Reports() {
  const text = t().reports
  const [days, setDays] = useState<number>(30)
  const { value, problem, again } = useLoaded(() => read<Report>(PATH, { days }), [days], EVERY_MS)
  return (
    <>
      <h1>{t().views.reports}</h1>
      <p class="soft">{text.lead}</p>
      <p class="filters">
        <label>
          {text.days}
          <select value={days} onChange={event => setDays(Number(event.currentTarget.value))}>
            {choices.map(each => (
              <option key={each} value={each}>
                {text.last(each)}
              </option>
            ))}
          </select>
        </label>
        <a class="button" href={`${PATH}.csv?days=${days}`} download>
          {text.take}
        </a>
      </p>
      {problem !== null && <Problem problem={problem} again={again} />}
      {value === null && problem === null && <p class="soft">{t().loading}</p>}
      {value !== null && (
        <>
          <Missing centers={value.missing} />
          <Rows name={text.byDay} rows={value.days} />
          <Rows name={text.byCorridor} rows={value.corridors} />
          <Rows name={text.byMember} rows={value.institutions} areMembers />
          <Rows name={text.byCode} rows={value.codes} says={t().words.codes} />
        </>
      )}
    </>
  )
}

interface RowsProps {
  readonly name: string
  readonly rows: readonly ReportRow[]
  readonly areMembers?: boolean
  /** What the names stand for, where they do not say so themselves. */
  readonly says?: Readonly<Record<string, string>>
}

function Rows({ name, rows, areMembers = false, says = {} }: RowsProps) {
  const text = t().reports
  return (
    <section>
      <h2>{name}</h2>
      {rows.length === 0 ? (
        <p class="empty">{t().nothing}</p>
      ) : (
        <Scroll label={name}>
          <table>
            <thead>
              <tr>
                <th>{text.name}</th>
                <th class="number">{text.opened}</th>
                <th class="number">{text.committed}</th>
                <th class="number">{text.aborted}</th>
                <th class="number">{text.refused}</th>
                <th class="number">{text.success}</th>
                <th class="number">CNY</th>
                <th class="number">USD</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(each => (
                <tr key={each.name}>
                  <td class="wrap">
                    {areMembers && each.name !== OTHER ? (
                      <Member id={each.name} />
                    ) : (
                      each.name.replace('>', ' → ')
                    )}
                    <div class="soft">{says[each.name]}</div>
                  </td>
                  <td class="number">{count(each.opened)}</td>
                  <td class="number">{count(each.committed)}</td>
                  <td class="number">{count(each.aborted)}</td>
                  <td class="number">{count(each.refused)}</td>
                  <td class="number">{share(each.successRate)}</td>
                  <td class="number">{money(each.cny).replace(' CNY', '')}</td>
                  <td class="number">{money(each.usd).replace(' USD', '')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  )
}
