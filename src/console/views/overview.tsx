/** The overview: what goes through right now, where, how well, and what is not finished. */
import type { Overview as Seen, WindowCell } from '../../wire/monitor.ts'
import { read } from '../api.ts'
import { count, money, ms, share, tenths, time } from '../format.ts'
import { newest, seconds } from '../live.ts'
import { useLoaded } from '../load.ts'
import { Chart } from '../parts/chart.tsx'
import { CorridorMap } from '../parts/map.tsx'
import { Member } from '../parts/member.tsx'
import { Missing } from '../parts/missing.tsx'
import { OpenTable } from '../parts/open.tsx'
import { Problem } from '../parts/problem.tsx'
import { Scroll } from '../parts/scroll.tsx'
import { hrefOf, t } from '../store.ts'
import { wordOf } from '../texts/words.ts'

/** What moves comes by the live socket; the rest is asked for. */
const EVERY_MS = 5_000

export function Overview() {
  const { value, problem, again } = useLoaded(() => read<Seen>('/ops/v1/monitor'), [], EVERY_MS)
  if (value === null) {
    return problem === null ? (
      <p class="soft">{t().loading}</p>
    ) : (
      <Problem problem={problem} again={again} />
    )
  }
  const all = value.minute.find(({ dimension }) => dimension === 'all')
  const corridors = value.minute.filter(({ dimension }) => dimension === 'corridor')
  return (
    <>
      <h1>{t().overview.title}</h1>
      {problem !== null && <Problem problem={problem} again={again} />}
      <Missing centers={value.missing} />
      <Figures
        all={all}
        open={value.open.reduce((sum, row) => sum + row.count, 0)}
        alerts={value.alerts}
      />
      <div class="pair">
        <Traffic />
        <Latency />
      </div>
      <div class="pair">
        <div>
          <CorridorMap
            flows={corridors.map(({ name, opened, successRate }) => ({
              corridor: name,
              payments: opened,
              success: successRate,
            }))}
          />
          <Limits limits={value.limits} />
        </div>
        <Corridors corridors={corridors} />
      </div>
      <Open rows={value.open} />
      <Newest />
    </>
  )
}

interface FiguresProps {
  readonly all: WindowCell | undefined
  readonly open: number
  readonly alerts: Seen['alerts']
}

function Figures({ all, open, alerts }: FiguresProps) {
  const text = t().overview
  return (
    <dl class="figures">
      <div>
        <dt>{text.perSecond}</dt>
        <dd>{tenths((all?.opened ?? 0) / 60)}</dd>
      </div>
      <div>
        <dt>{text.success}</dt>
        <dd>{share(all?.successRate ?? null)}</dd>
      </div>
      <div>
        <dt>{text.latency}</dt>
        <dd>
          {ms(all?.latency.total?.p50)} <small>p95 {ms(all?.latency.total?.p95)}</small>
        </dd>
      </div>
      <div>
        <dt>{text.value}</dt>
        <dd>
          {all === undefined ? '–' : money(all.cny)}{' '}
          <small>{all === undefined ? '' : money(all.usd)}</small>
        </dd>
      </div>
      <div>
        <dt>{text.open}</dt>
        <dd>{count(open)}</dd>
      </div>
      <div>
        <dt>{t().views.alerts}</dt>
        <dd>
          <a href={hrefOf('alerts')}>{count(alerts.critical + alerts.warning + alerts.notice)}</a>{' '}
          {(['critical', 'warning', 'notice'] as const).map(severity =>
            alerts[severity] === 0 ? null : (
              <small key={severity}>
                {count(alerts[severity])} {t().alerts.severities[severity]}{' '}
              </small>
            ),
          )}
        </dd>
      </div>
    </dl>
  )
}

function Traffic() {
  const text = t().overview
  const shown = seconds.value
  return (
    <Chart
      label={text.traffic}
      at={shown.map(({ at }) => at)}
      lines={[
        {
          label: text.committed,
          colour: 'accent',
          values: shown.map(each => each.committed),
          filled: true,
        },
        { label: text.aborted, colour: 'bad', values: shown.map(each => each.aborted) },
        { label: text.refused, colour: 'warn', values: shown.map(each => each.refused) },
      ]}
    />
  )
}

/** Bin i of the live socket is about this many milliseconds. */
const BASE = (1.01 / 0.99) ** 4
const millisecondsOf = (bin: number): number => (2 * BASE ** bin) / (BASE + 1)

function quantileOf(total: ReadonlyMap<number, number>, wanted: number): number | null {
  const bins = [...total].sort(([one], [other]) => one - other)
  const all = bins.reduce((sum, [, times]) => sum + times, 0)
  let left = all * wanted
  for (const [bin, times] of bins) {
    left -= times
    if (left <= 0) return millisecondsOf(bin)
  }
  return null
}

function Latency() {
  const text = t().overview
  const shown = seconds.value
  return (
    <Chart
      label={text.latencyChart}
      at={shown.map(({ at }) => at)}
      says={ms}
      lines={[
        {
          label: 'p50',
          colour: 'accent',
          values: shown.map(({ total }) => quantileOf(total, 0.5)),
        },
        { label: 'p95', colour: 'warn', values: shown.map(({ total }) => quantileOf(total, 0.95)) },
      ]}
    />
  )
}

/** The rest is among the figures. */
const CORRIDORS_SHOWN = 12

function Corridors({ corridors }: { readonly corridors: readonly WindowCell[] }) {
  const text = t().overview
  if (corridors.length === 0) return <p class="empty">{text.quiet}</p>
  const busiest = corridors
    .toSorted((one, other) => other.opened - one.opened)
    .slice(0, CORRIDORS_SHOWN)
  const left = corridors.length - busiest.length
  return (
    <div>
      <Scroll label={text.map}>
        <table>
          <thead>
            <tr>
              <th>{text.corridor}</th>
              <th class="number">{text.payments}</th>
              <th class="number">{text.success}</th>
              <th class="number">p50</th>
              <th class="number">{text.p95}</th>
              <th class="number">CNY</th>
            </tr>
          </thead>
          <tbody>
            {busiest.map(({ name, opened, successRate, latency, cny }) => (
              <tr key={name}>
                <td>
                  <a href={hrefOf('payments', undefined, { corridor: name })}>
                    {name.replace('>', ' → ')}
                  </a>
                </td>
                <td class="number">{count(opened)}</td>
                <td class="number">{share(successRate)}</td>
                <td class="number">{ms(latency.total?.p50)}</td>
                <td class="number">{ms(latency.total?.p95)}</td>
                <td class="number">{money(cny).replace(' CNY', '')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {left > 0 && (
        <p class="soft">
          <a href={hrefOf('figures', undefined, { by: 'corridor' })}>{t().moreRows(count(left))}</a>
        </p>
      )}
    </div>
  )
}

function Newest() {
  const text = t().overview
  return (
    <section>
      <h2>{text.newest}</h2>
      <ol class="feed">
        {newest.value.slice(0, 12).map(each => (
          <li key={each.paymentId} class={each.event}>
            <a href={hrefOf('payments', each.paymentId)}>{each.corridor.replace('>', ' → ')}</a>
            <span>
              <Member id={each.wallet} /> → <Member id={each.acquirer} />
            </span>
            <span class="number">{money(each.payee)}</span>
            <span class="soft" title={wordOf(t().words.codes, each.resultCode)}>
              {each.event === 'aborted' ? each.resultCode : wordOf(t().words.live, each.event)}
            </span>
            <time>{time(each.at)}</time>
          </li>
        ))}
      </ol>
      {newest.value.length === 0 && <p class="empty">{text.quiet}</p>}
    </section>
  )
}

/** What waits longest for somebody is on the first rows; the rest is counted. */
const OPEN_SHOWN = 12

function Open({ rows }: { readonly rows: Seen['open'] }) {
  const text = t().overview
  const left = rows.length - OPEN_SHOWN
  return (
    <section>
      <h2>{text.openTable}</h2>
      <OpenTable label={text.openTable} rows={rows.slice(0, OPEN_SHOWN)} />
      {left > 0 && <p class="soft">{t().moreRows(count(left))}</p>}
    </section>
  )
}

/** Whoever wants to see more of them looks at the member. */
const LIMITS_SHOWN = 5

function Limits({ limits }: { readonly limits: Seen['limits'] }) {
  const text = t().limits
  const amount = (currency: string | null, figure: string) =>
    currency === null ? count(Number(figure)) : money({ currency, minor: figure })
  return (
    <section>
      <h2>{t().overview.limits}</h2>
      {limits.length === 0 ? (
        <p class="empty">{t().overview.noLimits}</p>
      ) : (
        <Scroll label={t().overview.limits}>
          <table>
            <thead>
              <tr>
                <th>{text.member}</th>
                <th>{text.limit}</th>
                <th>{text.use}</th>
              </tr>
            </thead>
            <tbody>
              {limits.slice(0, LIMITS_SHOWN).map(each => {
                const { institution, scope, kind, currency, value, used } = each
                return (
                  <tr key={`${institution} ${scope} ${kind}`}>
                    <td>
                      <Member id={institution} />
                    </td>
                    <td>
                      {text.kinds[kind]} {scope !== '*' && scope}
                      <div class="soft">
                        {t().overview.usedOf(amount(currency, used), amount(currency, value))}
                      </div>
                    </td>
                    <td class={each.share >= NEAR ? 'old' : undefined}>
                      <meter
                        min={0}
                        max={1}
                        value={Math.min(each.share, 1)}
                        high={NEAR}
                        aria-label={`${institution} ${text.kinds[kind]}`}
                      />{' '}
                      {share(each.share)}
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  )
}

/** From here on somebody should speak to the member. */
const NEAR = 0.9
