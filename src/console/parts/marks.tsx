/** What is to be known of an alert at a glance: how bad, how far, with whom, and where. */
import type { ComponentChildren } from 'preact'
import type { AlertView } from '../../wire/alert.ts'
import { time } from '../format.ts'
import { t } from '../store.ts'

interface MarksProps {
  readonly alert: AlertView
  readonly children?: ComponentChildren
}

export function Marks({ alert, children }: MarksProps) {
  const text = t().alerts
  const { severity, state, owner, resolvedBy, mutedUntil, reopened, center } = alert
  return (
    <p class="marks">
      <span class={`severity ${severity}`}>{text.severities[severity]}</span>
      <span>
        {text.states[state]}
        {state === 'acknowledged' && owner !== null && ` · ${text.ownedBy(owner)}`}
        {state === 'resolved' && ` · ${ended(resolvedBy)}`}
      </span>
      {mutedUntil !== null && <span>{text.muted(time(mutedUntil))}</span>}
      {reopened > 0 && <span>{text.reopened(reopened)}</span>}
      {children}
      <span>{text.center(center)}</span>
    </p>
  )
}

const ended = (by: string | null) =>
  by === null || by === 'gateway' ? t().alerts.itself : t().alerts.resolvedBy(by)
