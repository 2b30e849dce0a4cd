/** What is wrong now, as the live sockets tell it: counted in the bar, and a reason for views to ask again. */
import { computed, signal } from '@preact/signals'
import type { AlertView } from '../wire/alert.ts'

/** Alerts that are not resolved, by id. */
const unresolved = signal<ReadonlyMap<string, AlertView>>(new Map())
/** Rises with every change of an alert, so that views ask again. */
export const alertsChanged = signal(0)

/** Those that somebody wants to hear of, and the worst of them. */
export const calling = computed(() => {
  const list = [...unresolved.value.values()].filter(({ mutedUntil }) => mutedUntil === null)
  const worst = (['critical', 'warning', 'notice'] as const).find(severity =>
    list.some(each => each.severity === severity),
  )
  return { count: list.length, worst }
})

/** A center's whole truth takes the place of what was known of it. */
export function replaceAlerts(center: string, alerts: readonly AlertView[]) {
  const others = [...unresolved.value].filter(([, alert]) => alert.center !== center)
  unresolved.value = new Map([...others, ...alerts.map(alert => [alert.id, alert] as const)])
  alertsChanged.value += 1
}

export function changeAlerts(alerts: readonly AlertView[]) {
  const next = new Map(unresolved.value)
  for (const alert of alerts) {
    if (alert.state === 'resolved') next.delete(alert.id)
    else next.set(alert.id, alert)
  }
  unresolved.value = next
  alertsChanged.value += 1
}
