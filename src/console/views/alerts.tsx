/** Alerts: what is not as it should be, worst first, what it was once resolved, and what is muted. One alert's own page. */
import type { AlertList, AlertView } from '../../wire/alert.ts'
import { alertsChanged } from '../alerts.ts'
import { read } from '../api.ts'
import { ago, count } from '../format.ts'
import { useLoaded } from '../load.ts'
import { Marks } from '../parts/marks.tsx'
import { Missing } from '../parts/missing.tsx'
import { Mutes } from '../parts/mute.tsx'
import { Problem } from '../parts/problem.tsx'
import { hrefOf, language, place, t } from '../store.ts'
import { AlertPage } from './alert.tsx'

export const Alerts = () =>
  place.value.id === null ? <All /> : <AlertPage key={place.value.id} id={place.value.id} />

/** So many are read of each state; who has more to look at has another problem. */
const SHOWN = 200
const EVERY_MS = 30_000

const list = (state: AlertView['state']) =>
  read<AlertList>('/ops/v1/alerts', { state, limit: SHOWN })

const worstFirst = ['critical', 'warning', 'notice']
const rank = ({ severity, mutedUntil }: AlertView) =>
  worstFirst.indexOf(severity) + (mutedUntil === null ? 0 : worstFirst.length)

async function readAll(isResolved: boolean): Promise<AlertList> {
  if (isResolved) return list('resolved')
  const [open, acknowledged] = await Promise.all([list('open'), list('acknowledged')])
  // One may have been acknowledged between the two answers.
  const all = new Map([...open.data, ...acknowledged.data].map(each => [each.id, each]))
  const data = [...all.values()].sort((one, other) => rank(one) - rank(other))
  return { data, missing: open.missing, nextCursor: open.nextCursor ?? acknowledged.nextCursor }
}

function All() {
  const text = t().alerts
  const isResolved = place.value.query.get('state') === 'resolved'
  const { value, problem, again } = useLoaded(
    () => readAll(isResolved),
    [isResolved, alertsChanged.value],
    EVERY_MS,
  )
  return (
    <>
      <h1>{t().views.alerts}</h1>
      <p class="tabs">
        <a href={hrefOf('alerts')} aria-current={isResolved ? undefined : 'true'}>
          {text.unresolved}
        </a>
        <a
          href={hrefOf('alerts', undefined, { state: 'resolved' })}
          aria-current={isResolved ? 'true' : undefined}
        >
          {text.resolved}
        </a>
      </p>
      {problem !== null && <Problem problem={problem} again={again} />}
      {value === null && problem === null && <p class="soft">{t().loading}</p>}
      {value !== null && (
        <>
          <Missing centers={value.missing} />
          {value.data.length === 0 && (
            <p class="empty">{isResolved ? text.noneResolved : text.none}</p>
          )}
          <ul class="alerts">
            {value.data.map(each => (
              <AlertRow key={each.id} alert={each} />
            ))}
          </ul>
          {value.nextCursor !== null && (
            <p class="soft">{t().firstOnly(count(value.data.length))}</p>
          )}
        </>
      )}
      <section>
        <h2>{text.mutes}</h2>
        <Mutes />
      </section>
    </>
  )
}

export function AlertRow({ alert }: { readonly alert: AlertView }) {
  const text = t().alerts
  const says = alert.says[language.value]
  return (
    <li class={alert.mutedUntil === null ? alert.severity : 'muted'}>
      <h2>
        <a href={hrefOf('alerts', alert.id)}>{says.title}</a>
        <time class="soft" dateTime={alert.raisedAt}>
          {ago(alert.raisedAt)}
        </time>
      </h2>
      <p>
        {says.seen}{' '}
        <span class="soft">
          {text.expected}: {says.expected}
        </span>
      </p>
      <Marks alert={alert}>
        {alert.paymentsSeen > 0 && <span>{text.behind(count(alert.paymentsSeen))}</span>}
      </Marks>
    </li>
  )
}
