/** Mutes: what nobody wants to hear of for a while, and why; made at an alert, listed and ended below the alerts. */
import { signal } from '@preact/signals'
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
            <td>{whatIs(each)}</td>
            <td>{instant(each.until)}</td>
            <td class="wrap">{each.reason}</td>
            <td>{each.by}</td>
            <td>
              {may('tend_alerts') && (
                <button type="button" class="plain" onClick={() => end(each)}>
                  {text.unmute}
                </button>
              )}
            </td>
          </tr>
        )}
      />
    </>
  )
}

const scopes = ['here', 'kind', 'subject'] as const
type Scope = (typeof scopes)[number]

/** Narrowest first: what is muted too widely hides what nobody thought of. */
const scopeOf = ({ kind, subject }: AlertView, scope: Scope) => ({
  kind: scope === 'subject' ? null : kind,
  subject: scope === 'kind' ? null : subject,
})

export function MuteForm({ alert, onDone }: { readonly alert: AlertView; onDone(): void }) {
  const text = t().alerts
  const attempt = useAttempt()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const until = new Date(Date.now() + Number(form.get('minutes')) * 60_000).toISOString()
    const { kind, subject } = scopeOf(alert, form.get('scope') as Scope)
    const wanted: MuteRequest = {
      kind,
      // Which payer it is, is known where the alert is.
      ...(subject?.dimension === 'payer' ? { alert: alert.id } : { subject }),
      until,
      reason: `${form.get('reason')}`,
    }
    attempt.of(write('/ops/v1/mutes', wanted), () => {
      muted.value += 1
      onDone()
    })
  }
  return (
    <form class="tend" onSubmit={submit}>
      <p class="soft">{text.muteSays}</p>
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
