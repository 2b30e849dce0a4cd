/** Tells an operator's endpoint what became of alerts: of one, or of those that were held back in a minute. */
import type { Alert } from '../domain/alert.ts'
import { type Held, heldCount, type Turn } from '../domain/alert-held.ts'
import { alertId, alertView, subjectView } from '../wire/alert-view.ts'
import type { PostPorts } from './post.ts'
import { callWebhook } from './webhook.ts'

/** One thing to tell one endpoint. */
export type AlertTelling = TurnTelling | HeldTelling

export interface TurnTelling {
  readonly endpoint: string
  readonly turn: Turn
  readonly alert: Alert
  /** When it turned, milliseconds since 1970. */
  readonly at: number
}

export interface HeldTelling {
  readonly endpoint: string
  readonly held: Held
  readonly at: number
}

/** True when the endpoint has it. */
export function tellAlert(
  telling: AlertTelling,
  center: string,
  ports: PostPorts,
): Promise<boolean> {
  const { id, type, data } = 'held' in telling ? heldOf(telling, center) : turnOf(telling, center)
  const content = { type, timestamp: new Date(telling.at).toISOString(), data }
  return callWebhook(telling.endpoint, id, content, ports)
}

const turnOf = ({ turn, alert }: TurnTelling, center: string) => ({
  id: `${alertId(center, alert.number)}.${turn}.${alert.version}`,
  type: `alert.${turn}`,
  data: alertView(center, alert),
})

function heldOf({ held }: HeldTelling, center: string) {
  const { from, until, alerts, ...counts } = held
  return {
    id: `held_${center}_${until}`,
    type: 'alerts.held',
    data: {
      center,
      from: new Date(from).toISOString(),
      until: new Date(until).toISOString(),
      held: heldCount(held),
      ...counts,
      alerts: alerts.map(({ number, subject, ...rest }) => ({
        id: alertId(center, number),
        ...rest,
        subject: subjectView(subject),
      })),
    },
  }
}
