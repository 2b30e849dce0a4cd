/** Mutes: what nobody wants to hear of for a while, and why; made at an alert, listed and ended below the alerts. */
import { signal } from '@preact/signals'
import { useRef, useState } from 'preact/hooks'
import type { AlertView, MuteRequest, MuteView } from '../../wire/alert.ts'
import { read, write } from '../api.ts'
import { useAttempt } from '../attempt.ts'
import { instant } from '../format.ts'
import { useLoaded } from '../load.ts'
import { may, t } from '../store.ts'
import { Listing } from './listing.tsx'
import { Problem } from './problem.tsx'

/** Rises with every mute made or ended here. */
const muted = signal(0)

type Subject = AlertView['subject']

export function subjectName({ dimension, name }: Subject): string {
  const text = t().alerts
  if (dimension === 'all') return text.everything
  if (dimension === 'payment') return text.paymentOf(name.slice(-8))
  if (dimension !== 'payer') return name
  return name === '' ? text.aPayer : text.payerOf(name)
}

function whatIs({ kind, subject }: Pick<MuteView, 'kind' | 'subject'>): string {
  const text = t().alerts
  if (subject === null) return kind === null ? '–' : text.muteKind(text.kinds[kind])
  const name = subjectName(subject)
  return kind === null ? text.muteSubject(name) : text.muteKindHere(text.kinds[kind], name)
}

export function Mutes() {
  const text = t().alerts
  const attempt = useAttempt()
  const loaded = useLoaded(
    () => read<{ data: readonly MuteView[] }>('/ops/v1/mutes'),
    [muted.value],
    10_000,
  )
  const end = ({ id }: MuteView) =>
    attempt.of(write(`/ops/v1/mutes/${encodeURIComponent(id)}`, {}, 'DELETE'), () => {
      muted.value += 1
    })
  const mend = ({ id, kind, subject, from, until, reason }: MuteView) =>
    attempt.of(write('/ops/v1/mutes', { id, kind, subject, from, until, reason }), () => {
      muted.value += 1
    })
  return (
    <>
      {attempt.problem !== null && <Problem problem={attempt.problem} />}
      <Listing
        label={text.mutes}
        loaded={loaded}
        empty={text.noMutes}
        heads={[text.muteWhat, text.until, text.reason, text.who, '']}
        row={each => (
          <tr key={each.id}>
            <td>
              {whatIs(each)}
              <NotIn mute={each} />
            </td>
            <td>{instant(each.until)}</td>
            <td class="wrap">{each.reason}</td>
            <td>{each.by}</td>
            <td>
              {may('tend_alerts') && (
                <div class="acts">
                  <button type="button" class="plain" onClick={() => end(each)}>
                    {text.unmute}
                  </button>
                  {each.notIn.length > 0 && each.subject?.dimension !== 'payer' && (
                    <button type="button" class="plain" onClick={() => mend(each)}>
                      {text.muteThere}
                    </button>
                  )}
                </div>
              )}
            </td>
          </tr>
        )}
      />
    </>
  )
}

/** A mute that does not hold everywhere must not look as if it did. */
const NotIn = ({ mute: { notIn } }: { readonly mute: MuteView }) =>
  notIn.length === 0 ? null : (
    <div class="missing" role="status">
      {t().alerts.notIn(notIn.join(', '))}
    </div>
  )

const scopes = ['here', 'kind', 'subject'] as const
type Scope = (typeof scopes)[number]

/** Narrowest first: what is muted too widely hides what nobody thought of. */
const scopeOf = ({ kind, subject }: AlertView, scope: Scope) => ({
  kind: scope === 'subject' ? null : kind,
  subject: scope === 'kind' ? null : subject,
})

/** A mute that was asked for, and what was filled in for it. */
interface Asked {
  readonly wish: string
  readonly id: string
  readonly until: string
}

export function MuteForm({ alert, onDone }: { readonly alert: AlertView; onDone(): void }) {
  const text = t().alerts
  const attempt = useAttempt()
  /** What is filled in, asked for again, is the same mute, and mends what was left undone. */
  const asked = useRef<Asked | null>(null)
  const [made, setMade] = useState<MuteView | null>(null)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const scope = form.get('scope') as Scope
    const minutes = Number(form.get('minutes'))
    const reason = `${form.get('reason')}`
    const wish = JSON.stringify([scope, minutes, reason])
    const before = asked.current
    const until = new Date(Date.now() + minutes * 60_000).toISOString()
    const mine =
      before?.wish === wish && Date.parse(before.until) > Date.now()
        ? before
        : { wish, id: crypto.randomUUID(), until }
    asked.current = mine
    const { kind, subject } = scopeOf(alert, scope)
    const wanted: MuteRequest = {
      id: mine.id,
      kind,
      // Which payer it is, is known where the alert is.
      ...(subject?.dimension === 'payer' ? { alert: alert.id } : { subject }),
      until: mine.until,
      reason,
    }
    attempt.of(write<MuteView>('/ops/v1/mutes', wanted), answer => {
      setMade(answer)
      // It holds everywhere: the same once more is another mute.
      if (answer.notIn.length === 0) asked.current = null
      muted.value += 1
      onDone()
    })
  }
  return (
    <form class="tend" onSubmit={submit}>
      <p class="soft">{text.muteSays}</p>
      {made !== null && <NotIn mute={made} />}
      {attempt.problem !== null && <Problem problem={attempt.problem} />}
      <label>
        {text.muteWhat}
        <select name="scope">
          {scopes.map(each => (
            <option key={each} value={each}>
              {whatIs(scopeOf(alert, each))}
            </option>
          ))}
        </select>
      </label>
      <label>
        {text.minutes}
        <input name="minutes" type="number" min="1" max="10080" defaultValue="60" required />
      </label>
      <label>
        {text.reason}
        <input name="reason" required maxLength={200} />
      </label>
      <p class="pages">
        <button type="submit" class="plain" disabled={attempt.isBusy}>
          {text.muteNow}
        </button>
      </p>
    </form>
  )
}
