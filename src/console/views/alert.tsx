/** One alert whole: what was seen, what was expected, how sure that is, what to do, and whoever tends it. */
import { useRef, useState } from 'preact/hooks'
import type { AlertView } from '../../wire/alert.ts'
import { alertsChanged } from '../alerts.ts'
import { read, write } from '../api.ts'
import { useAttempt } from '../attempt.ts'
import { ago, count, instant, share } from '../format.ts'
import { useLoaded } from '../load.ts'
import { type Fact, Facts } from '../parts/facts.tsx'
import { Marks } from '../parts/marks.tsx'
import { MuteForm, subjectName } from '../parts/mute.tsx'
import { Problem } from '../parts/problem.tsx'
import { steer } from '../parts/steer.tsx'
import { hrefOf, language, may, me, t } from '../store.ts'

const pathOf = (id: string) => `/ops/v1/alerts/${encodeURIComponent(id)}`

export function AlertPage({ id }: { readonly id: string }) {
  const { value, problem, again } = useLoaded(
    () => read<AlertView>(pathOf(id)),
    [id, alertsChanged.value],
    30_000,
  )
  return (
    <>
      <p class="crumbs">
        <a href={hrefOf('alerts')}>{t().views.alerts}</a>
      </p>
      {problem !== null && <Problem problem={problem} again={again} />}
      {value === null ? (
        problem === null && <p class="soft">{t().loading}</p>
      ) : (
        <>
          <h1>{value.says[language.value].title}</h1>
          <Marks alert={value} />
          {value.subject.dimension === 'payer' && may('read_payers') && <Payer id={id} />}
          <div class="pair">
            <Found alert={value} />
            <section>
              <h2>{t().alerts.todo}</h2>
              <p class="advice">{value.says[language.value].advice}</p>
              <Ways alert={value} />
              {may('tend_alerts') && <Tend alert={value} again={again} />}
              <Notes alert={value} />
            </section>
          </div>
          <Payments alert={value} />
        </>
      )}
    </>
  )
}

/** Asked for once, by whoever needs it: every time is an entry of the audit chain. */
function Payer({ id }: { readonly id: string }) {
  const text = t().payment
  const attempt = useAttempt()
  const [payer, setPayer] = useState<string | null>(null)
  const show = () =>
    attempt.of(read<AlertView>(pathOf(id), { payer: 'show' }), shown => setPayer(shown.payer))
  if (payer !== null) return <p class="spaced">{t().alerts.payerIs(payer)}</p>
  return (
    <>
      {attempt.problem !== null && <Problem problem={attempt.problem} />}
      <p class="spaced">
        <button type="button" class="plain" disabled={attempt.isBusy} onClick={show}>
          {text.showPayer}
        </button>{' '}
        <span class="soft">{text.showPayerSays}</span>
      </p>
    </>
  )
}

/** Nothing is ever quite sure, whatever rounding says. */
const SUREST = 0.999

function Found({ alert }: { readonly alert: AlertView }) {
  const text = t().alerts
  const { seen, expected } = alert.says[language.value]
  const facts: readonly Fact[] = [
    [text.about, <About key="about" subject={alert.subject} />],
    [text.seen, seen],
    [text.expected, expected],
    [
      text.sure,
      text.sureSays(share(Math.min(Math.floor(alert.confidence * 1_000) / 1_000, SUREST))),
    ],
    [text.since, `${instant(alert.since)} (${ago(alert.since)})`],
    [text.raised, instant(alert.raisedAt)],
    [text.lastSeen, instant(alert.lastSeenAt)],
    [text.ended, alert.endedAt && instant(alert.endedAt)],
    [text.also, alert.also.map(subjectName).join(', ') || null],
  ]
  return (
    <section>
      <h2>{text.found}</h2>
      <Facts facts={facts} areSentences />
    </section>
  )
}

/** With the way to it, where it has a page. */
function About({ subject }: Pick<AlertView, 'subject'>) {
  const { dimension, name } = subject
  if (dimension === 'institution') return <a href={hrefOf('institutions', name)}>{name}</a>
  if (dimension !== 'payment') return <>{subjectName(subject)}</>
  return (
    <a href={hrefOf('payments', name)}>
      <code>{name}</code>
    </a>
  )
}

/** From here to where something can be done about it. */
function Ways({ alert: { subject } }: { readonly alert: AlertView }) {
  const text = t().alerts
  const { dimension, name } = subject
  if (dimension !== 'institution' && dimension !== 'corridor') return null
  return (
    <p class="acts">
      {dimension === 'institution' && (
        <a class="plain" href={hrefOf('institutions', name)}>
          {text.memberPage(name)}
        </a>
      )}
      <a class="plain" href={hrefOf('payments', undefined, { [dimension]: name })}>
        {text.paymentsOf(name)}
      </a>
      {may('steer') && (
        <button
          type="button"
          class="plain"
          onClick={() => steer({ kind: 'switch_off', subject: dimension, name })}
        >
          {dimension === 'institution' ? t().institutions.suspend(name) : text.switchOff(name)}
        </button>
      )}
    </p>
  )
}

function Tend({ alert, again }: { readonly alert: AlertView; again(): void }) {
  const text = t().alerts
  const attempt = useAttempt()
  const form = useRef<HTMLFormElement>(null)
  const isOver = alert.state === 'resolved'
  const isMine = alert.state === 'acknowledged' && alert.owner === me.value?.id
  const act = (verb: 'acknowledge' | 'notes' | 'resolve', body: object) =>
    attempt.of(write(`${pathOf(alert.id)}/${verb}`, body), () => {
      form.current?.reset()
      again()
    })
  const note = () => `${new FormData(form.current ?? undefined).get('text') ?? ''}`.trim()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (note() !== '') act('notes', { text: note() })
  }
  return (
    <>
      <form class="tend" ref={form} onSubmit={submit} aria-label={text.tend}>
        {attempt.problem !== null && <Problem problem={attempt.problem} />}
        <label>
          {text.note}
          <textarea name="text" rows={2} maxLength={1_000} />
        </label>
        <p class="pages">
          {!isOver && !isMine && (
            <button
              type="button"
              class="button"
              disabled={attempt.isBusy}
              onClick={() => act('acknowledge', {})}
            >
              {text.own}
            </button>
          )}
          <button type="submit" class="plain" disabled={attempt.isBusy}>
            {text.write}
          </button>
          {!isOver && (
            <button
              type="button"
              class="plain"
              disabled={attempt.isBusy}
              onClick={() => act('resolve', note() === '' ? {} : { text: note() })}
            >
              {text.resolve}
            </button>
          )}
        </p>
      </form>
      {!isOver && (
        <details class="more">
          <summary>{text.mute}</summary>
          <MuteForm alert={alert} onDone={again} />
        </details>
      )}
    </>
  )
}

function Notes({ alert: { notes } }: { readonly alert: AlertView }) {
  const text = t().alerts
  return (
    <>
      <h2>{text.notes}</h2>
      {notes.length === 0 && <p class="empty">{text.noNotes}</p>}
      <ol class="notes">
        {notes.map(({ at, by, text: said }) => (
          <li key={`${at} ${said}`}>
            <span>{said}</span>
            <span class="soft">
              {by} · {ago(at)}
            </span>
          </li>
        ))}
      </ol>
    </>
  )
}

function Payments({ alert: { payments, paymentsSeen } }: { readonly alert: AlertView }) {
  const text = t().alerts
  // Some are about requests, and no payment is behind those.
  if (payments.length === 0) return null
  return (
    <section>
      <h2>
        {text.payments}
        {payments.length < paymentsSeen && (
          <span class="soft">{text.shown(count(payments.length), count(paymentsSeen))}</span>
        )}
      </h2>
      <ul class="ids">
        {payments.map(id => (
          <li key={id}>
            <a href={hrefOf('payments', id)}>
              <code>…{id.slice(-8)}</code>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
