/** One payment whole: what it is, who is liable until when, who said what to whom, what is owed, and every event. */
import { useState } from 'preact/hooks'
import type { PaymentPage as Page } from '../../wire/ops-payment.ts'
import { read } from '../api.ts'
import { ago, instant, money, ms } from '../format.ts'
import { useLoaded } from '../load.ts'
import { type Fact, Facts } from '../parts/facts.tsx'
import { Ladder } from '../parts/ladder.tsx'
import { Member } from '../parts/member.tsx'
import { Problem } from '../parts/problem.tsx'
import { Scroll } from '../parts/scroll.tsx'
import { Status } from '../parts/status.tsx'
import { hrefOf, may, t } from '../store.ts'
import { wordOf } from '../texts/words.ts'

const EVERY_MS = 2_000

export function PaymentPage({ id }: { readonly id: string }) {
  const [showing, setShowing] = useState(false)
  const { value, problem, again } = useLoaded(
    () =>
      read<Page>(`/ops/v1/payments/${encodeURIComponent(id)}`, showing ? { payer: 'show' } : {}),
    [id, showing],
    // Whoever the payer is, is asked for once, because every time is an entry of the audit chain.
    showing ? undefined : EVERY_MS,
  )
  const text = t().payment
  return (
    <>
      <p class="crumbs">
        <a href={hrefOf('payments')}>{t().views.payments}</a>
      </p>
      {problem !== null && <Problem problem={problem} again={again} />}
      {value === null ? (
        problem === null && <p class="soft">{t().loading}</p>
      ) : (
        <>
          <h1>
            {money(value.payment.payer)} → {money(value.payment.payee)}{' '}
            <Status
              result={value.payment.result}
              status={value.payment.status}
              code={value.payment.resultCode}
            />
          </h1>
          {value.payment.result !== 'S' && (
            <p class="spaced">{wordOf(t().words.codes, value.payment.resultCode)}</p>
          )}
          <Is page={value} />
          <Payer page={value} onShow={() => setShowing(true)} />
          <div class="pair">
            <Liability page={value} />
            <Duties page={value} />
          </div>
          <section>
            <h2>{text.ladder}</h2>
            <Scroll label={text.ladder}>
              <Ladder
                rungs={value.ladder}
                parties={[value.payment.wallet, 'gateway', value.payment.acquirer]}
              />
            </Scroll>
          </section>
          <Moments page={value} />
        </>
      )}
    </>
  )
}

function Is({ page }: { readonly page: Page }) {
  const text = t().payment
  const { payment } = page
  const facts: readonly Fact[] = [
    [text.id, payment.paymentId],
    [text.request, payment.requestId],
    [
      text.corridor,
      [
        page.corridor.replace('>', ' → '),
        t().words.scenarios[payment.scenario],
        `${payment.presentment.toUpperCase()} (${t().words.presentments[payment.presentment]})`,
      ].join(' · '),
    ],
    [text.family, payment.family],
    [text.wallet, <Member key="wallet" id={payment.wallet} />],
    [text.acquirer, <Member key="acquirer" id={payment.acquirer} />],
    [text.merchant, `${payment.merchant.name} (${payment.merchant.id})`],
    [text.order, payment.order],
    [
      text.rate,
      payment.rate &&
        `1 ${payment.rate.base} = ${payment.rate.value} ${payment.rate.counter} · ${payment.rate.provider}`,
    ],
    [text.opened, instant(payment.openedAt)],
    [text.decided, instant(payment.decidedAt)],
    [text.center, `${page.center} · ${page.lane}`],
    [text.hold, page.hold && `${page.hold.reference} · ${page.hold.key}`],
    [text.acceptance, page.acceptance && `${page.acceptance.reference} · ${page.acceptance.key}`],
  ]
  return <Facts facts={facts} />
}

function Payer({ page, onShow }: { readonly page: Page; readonly onShow: () => void }) {
  const text = t().payment
  if (page.payer !== null) return <p class="spaced">{text.payerIs(page.payer.reference ?? '–')}</p>
  if (!may('read_payers')) return null
  return (
    <p class="spaced">
      <button type="button" class="plain" onClick={onShow}>
        {text.showPayer}
      </button>{' '}
      <span class="soft">{text.showPayerSays}</span>
    </p>
  )
}

function Liability({ page }: { readonly page: Page }) {
  const text = t().payment
  const { liableParty, since, until, nextAction } = page.payment.liability
  return (
    <section>
      <h2>{text.liability}</h2>
      <p class="clock">
        <strong>{text.liable[liableParty]}</strong>
        <span>{(text.actions as Readonly<Record<string, string>>)[nextAction] ?? nextAction}</span>
        <span class="soft">
          {text.since(instant(since))}
          {until !== null && ` · ${text.until(instant(until))} (${ago(until)})`}
        </span>
      </p>
    </section>
  )
}

function Duties({ page }: { readonly page: Page }) {
  const text = t().payment
  return (
    <section>
      <h2>{text.duties}</h2>
      {page.duties.length === 0 && <p class="empty">{text.noDuties}</p>}
      <ul class="duties">
        {page.duties.map(each => (
          <li key={`${each.duty} ${each.owner} ${each.refundId}`} class={each.state}>
            <span>
              {each.owner}:{' '}
              {(text.says as Readonly<Record<string, string>>)[each.duty] ?? each.duty}
            </span>
            <span class="soft">
              {text.states[each.state]}
              {each.nextAt !== null && ` · ${text.again(each.attempts, ago(each.nextAt))}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What it is about is a duty, or the id of a refund. */
function happened({ event, about }: Page['moments'][number]): string {
  const { events, unfinished } = t().words
  return [wordOf(events, event), about && wordOf(unfinished, about)].filter(Boolean).join(' · ')
}

function Moments({ page }: { readonly page: Page }) {
  const text = t().payment
  return (
    <section>
      <h2>{text.timeline}</h2>
      <Scroll label={text.timeline}>
        <table>
          <thead>
            <tr>
              <th class="number">{text.after}</th>
              <th>{text.event}</th>
              <th>{text.by}</th>
              <th>{text.becomes}</th>
              <th class="number">{text.left}</th>
              <th>{text.reference}</th>
              <th>{text.digest}</th>
              <th>{text.row}</th>
            </tr>
          </thead>
          <tbody>
            {page.moments.map((each, index) => (
              <tr key={`${each.row} ${index}`}>
                <td class="number">{ms(each.elapsedMs)}</td>
                <td>{happened(each)}</td>
                <td>{t().words.parties[each.by]}</td>
                <td title={wordOf(t().words.codes, each.resultCode)}>
                  {wordOf(t().words.statuses, each.status)} · {each.resultCode}
                </td>
                <td class="number">{each.budgetLeftMs === null ? '–' : ms(each.budgetLeftMs)}</td>
                <td class="wrap">{[each.reference, each.key].filter(Boolean).join(' · ')}</td>
                <td>
                  <code title={each.digest ?? ''}>
                    {each.digest === null ? '' : `${each.digest.slice(9, 19)}…`}
                  </code>
                </td>
                <td>
                  {each.row} <code title={each.hash}>{each.hash.slice(0, 8)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}
