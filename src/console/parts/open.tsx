/** What is not finished, by what it is, who must act, and how long it has been so. */
import { ages } from '../../domain/window-open.ts'
import type { OpenRow } from '../../wire/monitor.ts'
import { ago, count } from '../format.ts'
import { hrefOf, t } from '../store.ts'
import { wordOf } from '../texts/words.ts'
import { Member } from './member.tsx'
import { Scroll } from './scroll.tsx'

interface OpenProps {
  readonly label: string
  readonly rows: readonly OpenRow[]
  /** Whether all rows are about one member, who need not be named again. */
  readonly isOfOne?: boolean
}

/** From here on somebody should look. */
const old = ['under1h', 'over1h']

export function OpenTable({ label, rows, isOfOne = false }: OpenProps) {
  const text = t().open
  if (rows.length === 0) return <p class="empty">{text.none}</p>
  return (
    <Scroll label={label}>
      <table>
        <thead>
          <tr>
            <th>{text.what}</th>
            {!isOfOne && <th>{text.who}</th>}
            <th class="number">{text.count}</th>
            {ages.map(age => (
              <th key={age} class="number">
                {text.ages[age]}
              </th>
            ))}
            <th>{text.oldest}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ kind, institution, count: many, byAge, oldest }) => (
            <tr key={`${kind} ${institution}`}>
              <td>{wordOf(t().words.unfinished, kind)}</td>
              {!isOfOne && (
                <td>
                  <Member id={institution} />
                </td>
              )}
              <td class="number">{count(many)}</td>
              {ages.map(age => (
                <td key={age} class={`number${byAge[age] > 0 && old.includes(age) ? ' old' : ''}`}>
                  {byAge[age] === 0 ? '·' : count(byAge[age])}
                </td>
              ))}
              <td>
                <a href={hrefOf('payments', oldest.paymentId)}>{ago(oldest.since)}</a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
