/** One member whole: who it is, what it does, how it goes, what waits for it, what it may, and the ways to steer it. */
import type { ComponentChildren } from 'preact'
import type { AlertList, AlertView } from '../../wire/alert.ts'
import type { Figures, OpenList } from '../../wire/monitor.ts'
import type { CorridorView, Families, InstitutionView } from '../../wire/ops-network.ts'
import type { FoundPayment } from '../../wire/ops-payment.ts'
import { alertsChanged } from '../alerts.ts'
import { read } from '../api.ts'
import { count, country, instant, money, ms, share } from '../format.ts'
import { useLoaded } from '../load.ts'
import { Course, Hops } from '../parts/course.tsx'
import { type Fact, Facts } from '../parts/facts.tsx'
import { Missing } from '../parts/missing.tsx'
import { OpenTable } from '../parts/open.tsx'
import { Problem } from '../parts/problem.tsx'
import { steer, steered } from '../parts/steer.tsx'
import {
  everyMs,
  type Stretch,
  StretchChoice,
  stretchNow,
  stretchQuery,
  Turns,
} from '../parts/stretch.tsx'
import { hrefOf, may, t } from '../store.ts'
import { AlertRow } from './alerts.tsx'
import { Table as LimitsTable } from './limits.tsx'
import { Table as PaymentsTable } from './payments.tsx'

const pathOf = (id: string) => `/ops/v1/institutions/${encodeURIComponent(id)}`

export function InstitutionPage({ id }: { readonly id: string }) {
  const text = t().institutions
  const { value, problem, again } = useLoaded(
    () => read<InstitutionView>(pathOf(id)),
    [id, steered.value],
    5_000,
  )
  return (
    <>
      <p class="crumbs">
        <a href={hrefOf('institutions')}>{t().views.institutions}</a>
      </p>
      <h1>
        {id} {value !== null && <span class="soft">{value.name}</span>}
      </h1>
      {problem !== null && <Problem problem={problem} again={again} />}
      {value === null && problem === null && <p class="soft">{t().loading}</p>}
      {value !== null && (
        <>
          <State member={value} />
          <div class="pair">
            <Is member={value} />
            <Does member={value} />
          </div>
          <Alerts id={id} />
          <Went id={id} />
          <Part name={text.waits}>
            <Open id={id} />
          </Part>
          <Part name={t().views.limits} href={hrefOf('limits', id)} way={text.setLimits}>
            <LimitsTable key={id} member={id} />
          </Part>
          <Part
            name={t().overview.newest}
            href={hrefOf('payments', undefined, { institution: id })}
            way={t().alerts.paymentsOf(id)}
          >
            <Newest id={id} />
          </Part>
        </>
      )}
    </>
  )
}

interface PartProps {
  readonly name: string
  /** Where there is more of it. */
  readonly href?: string
  readonly way?: string
  readonly children: ComponentChildren
}

const Part = ({ name, href, way, children }: PartProps) => (
  <section>
    <h2>
      {name}
      {href !== undefined && <a href={href}>{way}</a>}
    </h2>
    {children}
  </section>
)

interface MemberProps {
  readonly member: InstitutionView
}

/** Whether it is let in, why not, until when; and the way to change that. */
function State({ member: { id, open, off, status } }: MemberProps) {
  const text = t().institutions
  const kind = open ? 'switch_off' : 'switch_on'
  return (
    <p class="marks">
      <span class={`status ${open ? 'S' : 'F'}`}>{open ? text.open : (off?.reason ?? status)}</span>
      {off !== null && (
        <span>{off.until === null ? t().steering.forever : text.until(instant(off.until))}</span>
      )}
      {may('steer') && (
        <button
          type="button"
          class="plain"
          onClick={() => steer({ kind, subject: 'institution', name: id })}
        >
          {open ? text.suspend(id) : text.reopen(id)}
        </button>
      )}
    </p>
  )
}

/** Whom codes may lead to. */
const isAcquiring = ({ role }: InstitutionView) => role === 'acquirer' || role === 'scheme'

function Is({ member }: MemberProps) {
  const text = t().institutions
  const valid = member.keys.filter(key => key.valid)
  const ends = valid.map(({ notAfter }) => notAfter).sort()
  const facts: readonly Fact[] = [
    [text.role, text.roles[member.role]],
    [text.market, `${country(member.market)} · ${member.zone}`],
    [text.currencies, member.currencies.join(' ')],
    [
      text.center,
      member.center === null ? null : `${member.center} · ${text.lanes(member.lanes ?? 0)}`,
    ],
    [text.keys, valid.length === 0 ? '0' : text.keysUntil(valid.length, instant(ends[0] ?? null))],
    [text.profile, member.profile && text.profiles[member.profile]],
    [text.inquiry, isAcquiring(member) ? text.inquiries[member.inquiry ?? 'always'] : null],
    [text.endpoint, member.endpoint],
  ]
  return (
    <section>
      <h2>{text.is}</h2>
      <Facts facts={facts} />
    </section>
  )
}

interface Ways {
  readonly corridors: readonly CorridorView[]
  readonly families: Families['data']
}

/** Payers are at home with a wallet, shops with an acquirer; codes lead to whom the routes name. */
async function waysOf({ id, role, market }: InstitutionView): Promise<Ways> {
  const [corridors, families] = await Promise.all([
    read<{ data: readonly CorridorView[] }>('/ops/v1/corridors'),
    read<Families>('/ops/v1/families'),
  ])
  const isHere = ({ payerMarket, payeeMarket }: CorridorView) =>
    role !== 'provider' && (role === 'wallet' ? payerMarket : payeeMarket) === market
  return {
    corridors: corridors.data.filter(isHere),
    families: families.data.filter(({ routes }) => routes.some(each => each.institution === id)),
  }
}

function Does({ member }: MemberProps) {
  const text = t().institutions
  const { value, problem, again } = useLoaded(() => waysOf(member), [member.id, steered.value])
  return (
    <section>
      <h2>{text.does}</h2>
      {problem !== null && <Problem problem={problem} again={again} />}
      {value !== null && (
        <>
          <h3>{text.families}</h3>
          {value.families.length === 0 && <p class="empty">{text.noFamilies}</p>}
          <ul class="ids">
            {value.families.map(({ family, name, open }) => (
              <li key={family}>
                <span class={`status ${open ? 'S' : 'F'}`} title={family}>
                  {name}
                  {open ? '' : ` · ${text.closed}`}
                </span>
              </li>
            ))}
          </ul>
          <h3>{text.corridors}</h3>
          {value.corridors.length === 0 && <p class="empty">{t().nothing}</p>}
          <ul class="ids">
            {value.corridors.map(({ name, open, off }) => (
              <li key={name}>
                <span class={`status ${open ? 'S' : 'F'}`} title={off?.reason}>
                  {name.replace('>', ' → ')}
                  {open ? '' : ` · ${text.closed}`}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

/** Alerts of the member, of its merchants and its payers, and those in which it is seen, too. */
async function alertsOf(id: string): Promise<Pick<AlertList, 'data' | 'missing'>> {
  const list = (state: AlertView['state']) =>
    read<AlertList>('/ops/v1/alerts', { state, limit: 200 })
  const [open, acknowledged] = await Promise.all([list('open'), list('acknowledged')])
  const all = new Map([...open.data, ...acknowledged.data].map(each => [each.id, each]))
  const isOf = ({ dimension, name }: AlertView['subject']) =>
    ((dimension === 'institution' || dimension === 'payer') && name === id) ||
    (dimension === 'merchant' && name.startsWith(`${id}/`))
  const data = [...all.values()].filter(({ subject, also }) => [subject, ...also].some(isOf))
  return { data, missing: open.missing }
}

function Alerts({ id }: { readonly id: string }) {
  const { value } = useLoaded(() => alertsOf(id), [id, alertsChanged.value], 30_000)
  if (value === null || (value.data.length === 0 && value.missing.length === 0)) return null
  return (
    <Part name={t().views.alerts}>
      <Missing centers={value.missing} />
      <ul class="alerts">
        {value.data.map(alert => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
      </ul>
    </Part>
  )
}

/** How it went, over a stretch that the address keeps. */
function Went({ id }: { readonly id: string }) {
  const text = t().figures
  const stretch = stretchNow()
  const choose = (next: Stretch) => {
    location.hash = hrefOf('institutions', id, stretchQuery(next))
  }
  const { window, last, until } = stretch
  const asked = { window, last, until, dimension: 'institution', name: id }
  const { value } = useLoaded(
    () => read<Figures>('/ops/v1/monitor/figures', asked),
    [id, window, last, until],
    everyMs(stretch),
  )
  const cell = value?.data[0]
  const query = { ...stretchQuery(stretch), by: 'institution', name: id }
  return (
    <Part name={t().views.figures} href={hrefOf('figures', undefined, query)} way={text.beside}>
      <form class="filters" onSubmit={event => event.preventDefault()}>
        <StretchChoice stretch={stretch} onChange={choose} />
        <Turns stretch={stretch} onChange={choose} />
      </form>
      {cell !== undefined && (
        <dl class="figures">
          <div>
            <dt>{text.opened}</dt>
            <dd>{count(cell.opened)}</dd>
          </div>
          <div>
            <dt>{text.success}</dt>
            <dd>{share(cell.successRate)}</dd>
          </div>
          <div>
            <dt>{text.latency}</dt>
            <dd>
              {ms(cell.latency.total?.p50)} <small>p95 {ms(cell.latency.total?.p95)}</small>
            </dd>
          </div>
          <div>
            <dt>{text.value}</dt>
            <dd>
              {money(cell.cny)} <small>{money(cell.usd)}</small>
            </dd>
          </div>
          <div>
            <dt>{text.refused}</dt>
            <dd>{count(cell.refused)}</dd>
          </div>
          <div>
            <dt>{text.columns.doubted}</dt>
            <dd>{count(cell.doubted)}</dd>
          </div>
        </dl>
      )}
      <Course subject={{ dimension: 'institution', name: id }} stretch={stretch} />
      {cell !== undefined && (
        <details class="more">
          <summary>{text.hops}</summary>
          <Hops cell={cell} />
        </details>
      )}
    </Part>
  )
}

function Open({ id }: { readonly id: string }) {
  const { value, problem, again } = useLoaded(
    () => read<OpenList>(`${pathOf(id)}/open`),
    [id],
    3_000,
  )
  return (
    <>
      {problem !== null && <Problem problem={problem} again={again} />}
      {value !== null && (
        <>
          <Missing centers={value.missing} />
          <OpenTable label={t().institutions.waits} rows={value.data} isOfOne />
        </>
      )}
    </>
  )
}

interface Found {
  readonly data: readonly FoundPayment[]
  readonly missing: readonly string[]
}

function Newest({ id }: { readonly id: string }) {
  const { value, problem, again } = useLoaded(
    () => read<Found>('/ops/v1/payments', { institution: id, limit: 10 }),
    [id],
    5_000,
  )
  return (
    <>
      {problem !== null && <Problem problem={problem} again={again} />}
      {value !== null && (
        <>
          <Missing centers={value.missing} />
          {value.data.length === 0 ? (
            <p class="empty">{t().payments.none}</p>
          ) : (
            <PaymentsTable rows={value.data} />
          )}
        </>
      )}
    </>
  )
}
