/** How one subject went over a stretch of time: how many, how well, how fast, and each part of the way. */

import { hops } from '../../domain/window.ts'
import type { LatencyView, WindowCell, Windows } from '../../wire/monitor.ts'
import { read } from '../api.ts'
import { count, instant, ms, share, startOf } from '../format.ts'
import { useLoaded } from '../load.ts'
import { t } from '../store.ts'
import { Chart } from './chart.tsx'
import { Missing } from './missing.tsx'
import { Problem } from './problem.tsx'
import { Scroll } from './scroll.tsx'
import { everyMs, type Stretch, startsOf } from './stretch.tsx'

export interface Subject {
  readonly dimension: WindowCell['dimension']
  readonly name: string
}

interface CourseProps {
  readonly subject: Subject
  readonly stretch: Stretch
}

export function Course({ subject, stretch }: CourseProps) {
  const { window, last, until } = stretch
  const { dimension, name } = subject
  const { value, problem, again } = useLoaded(
    () => read<Windows>('/ops/v1/monitor/windows', { window, last, until, dimension, name }),
    [window, last, until, dimension, name],
    everyMs(stretch),
  )
  if (value === null) {
    return problem === null ? (
      <p class="soft">{t().loading}</p>
    ) : (
      <Problem problem={problem} again={again} />
    )
  }
  return (
    <>
      {problem !== null && <Problem problem={problem} again={again} />}
      <Missing centers={value.missing} />
      <Drawn windows={value} stretch={{ ...stretch, window: value.window }} />
    </>
  )
}

interface DrawnProps {
  readonly windows: Windows
  readonly stretch: Stretch
}

function Drawn({ windows: { window, from, until, periods }, stretch }: DrawnProps) {
  const text = t().figures
  const cells = new Map(periods.map(({ start, cells }) => [Date.parse(start), cells[0]]))
  const at = startsOf(stretch, from)
  const of = <Figure,>(figure: (cell: WindowCell) => Figure, none: Figure) =>
    at.map(start => {
      const cell = cells.get(start)
      return cell === undefined ? none : figure(cell)
    })
  const counted = (field: 'opened' | 'committed' | 'aborted' | 'refused') =>
    of(cell => cell[field], 0)
  const quantile = (which: Quantile) =>
    of<number | null>(({ latency }) => latency.total?.[which] ?? null, null)
  const shared = { at, step: window } as const
  return (
    <>
      <div class="triple">
        <Chart
          {...shared}
          label={text.counts}
          lines={[
            { label: text.committed, colour: 'accent', values: counted('committed'), filled: true },
            { label: text.aborted, colour: 'bad', values: counted('aborted') },
            { label: text.refused, colour: 'warn', values: counted('refused') },
          ]}
        />
        <Chart
          {...shared}
          label={text.success}
          says={share}
          top={1}
          lines={[
            {
              label: text.success,
              colour: 'accent',
              values: of<number | null>(cell => cell.successRate, null),
            },
          ]}
        />
        <Chart
          {...shared}
          label={text.latency}
          says={ms}
          lines={[
            { label: 'p50', colour: 'accent', values: quantile('p50') },
            { label: 'p95', colour: 'warn', values: quantile('p95') },
            { label: 'p99', colour: 'bad', values: quantile('p99') },
          ]}
        />
      </div>
      <p class="soft">{text.covers(instant(from), instant(until))}</p>
      <details class="more">
        <summary>{text.each}</summary>
        <Periods window={window} periods={periods} />
      </details>
    </>
  )
}

function Periods({ window, periods }: Pick<Windows, 'window' | 'periods'>) {
  const text = t().figures
  if (periods.length === 0) return <p class="empty">{text.quiet}</p>
  return (
    <Scroll label={text.each}>
      <table>
        <thead>
          <tr>
            <th>{text.begins}</th>
            <th class="number">{text.opened}</th>
            <th class="number">{text.committed}</th>
            <th class="number">{text.aborted}</th>
            <th class="number">{text.refused}</th>
            <th class="number">{text.success}</th>
            <QuantileHeads />
          </tr>
        </thead>
        <tbody>
          {periods.toReversed().map(({ start, cells: [cell] }) => (
            <tr key={start}>
              <td>{startOf(window, start)}</td>
              <td class="number">{count(cell?.opened ?? 0)}</td>
              <td class="number">{count(cell?.committed ?? 0)}</td>
              <td class="number">{count(cell?.aborted ?? 0)}</td>
              <td class="number">{count(cell?.refused ?? 0)}</td>
              <td class="number">{share(cell?.successRate ?? null)}</td>
              <Quantiles of={cell?.latency.total} />
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

/** Each part of a payment's way, by the gateway's own clock. */
export function Hops({ cell }: { readonly cell: WindowCell }) {
  const text = t().figures
  const known = hops.filter(hop => cell.latency[hop] !== undefined)
  if (known.length === 0) return <p class="empty">{text.quiet}</p>
  return (
    <Scroll label={text.hops}>
      <table>
        <thead>
          <tr>
            <th>{text.hop}</th>
            <th class="number">{text.times}</th>
            <QuantileHeads />
          </tr>
        </thead>
        <tbody>
          {known.map(hop => (
            <tr key={hop}>
              <td>
                {text.hopNames[hop]}
                <div class="soft">{text.hopSays[hop]}</div>
              </td>
              <td class="number">{count(cell.latency[hop]?.count ?? 0)}</td>
              <Quantiles of={cell.latency[hop]} />
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

const quantiles = ['p50', 'p95', 'p99'] as const
type Quantile = (typeof quantiles)[number]

const QuantileHeads = () =>
  quantiles.map(each => (
    <th key={each} class="number">
      {each}
    </th>
  ))

/** The cells below those heads. */
const Quantiles = ({ of }: { readonly of: LatencyView | undefined }) =>
  quantiles.map(each => (
    <td key={each} class="number">
      {ms(of?.[each])}
    </td>
  ))
