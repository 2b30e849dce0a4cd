/** What is wrong now, as the live sockets tell it: counted in the bar, and a reason for views to ask again. */
import { computed, signal } from '@preact/signals'
import type { AlertCounts } from '../wire/alert.ts'

const severities = ['critical', 'warning', 'notice'] as const

/** Alerts that call for somebody, by center. Monitors count them: a storm is more than they tell one by one. */
const counts = signal<Readonly<Record<string, AlertCounts>>>({})
/** Rises with every change of an alert, so that views ask again. */
export const alertsChanged = signal(0)

/** Those that somebody wants to hear of, and the worst of them. */
export const calling = computed(() => {
  const all = Object.values(counts.value)
  const sum = (severity: keyof AlertCounts) => all.reduce((many, each) => many + each[severity], 0)
  return {
    count: severities.reduce((many, severity) => many + sum(severity), 0),
    worst: severities.find(severity => sum(severity) > 0),
  }
})

/** @param isNews whether anything became of any of them */
export function hearAlerts(center: string, now: AlertCounts, isNews: boolean) {
  const before = counts.value[center]
  const isSame = severities.every(severity => before?.[severity] === now[severity])
  if (!isSame) counts.value = { ...counts.value, [center]: now }
  if (isNews) alertsChanged.value += 1
}
