/** Tells an operator's endpoint what became of an alert. */
import type { Alert } from '../domain/alert.ts'
import { alertId, alertView } from '../wire/alert-view.ts'
import type { PostPorts } from './post.ts'
import { callWebhook } from './webhook.ts'

export interface AlertTelling {
  readonly endpoint: string
  readonly turn: 'opened' | 'acknowledged' | 'resolved'
  readonly alert: Alert
  /** When it turned, milliseconds since 1970. */
  readonly at: number
}

/** True when the endpoint has it. */
export function tellAlert(
  { endpoint, turn, alert, at }: AlertTelling,
  center: string,
  ports: PostPorts,
): Promise<boolean> {
  const id = `${alertId(center, alert.number)}.${turn}.${alert.version}`
  const content = {
    type: `alert.${turn}`,
    timestamp: new Date(at).toISOString(),
    data: alertView(center, alert),
  }
  return callWebhook(endpoint, id, content, ports)
}
