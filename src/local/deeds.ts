/** What the staff of the box does by itself, so that there is something to see of steering: it looks, and does what is missing. */
import { limits } from '../members/limits.ts'
import type { AlertView } from '../wire/alert.ts'
import type { ChangeView, PlanView, StepView } from '../wire/ops-change.ts'

/** What the staff sees before it acts. */
export interface Seen {
  readonly plans: readonly PlanView[]
  /** Applied and proposed, as they stand. */
  readonly changes: readonly ChangeView[]
  /** Not resolved. */
  readonly alerts: readonly AlertView[]
  /** Nothing was done since the box was started. */
  readonly isFirst: boolean
}

/** One call of the staff's API. */
export interface Deed {
  readonly who: string
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body?: object
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** A limit of the box, moved: lower by one's own will, higher with a second person's. */
function moved(institution: string, times: bigint, parts: bigint): StepView {
  const scope = '*'
  const kind = 'single_max'
  const found = limits.find(row => row.institution === institution && row.kind === kind)
  const value = (found?.value ?? 0n) * times
  return { kind: 'set_limit', limit: { institution, scope, kind }, value: `${value / parts}` }
}

const off = (subject: 'corridor' | 'family', name: string): StepView => ({
  kind: 'switch_off',
  subject,
  name,
})

interface SamplePlan {
  readonly title: string
  readonly steps: readonly StepView[]
  readonly minutes: number | null
}

export const plans: Readonly<Record<string, SamplePlan>> = {
  'acquirer-in-trouble': {
    title: 'Acquirer in trouble: stop the corridors into Malaysia',
    steps: ['CN', 'TH', 'VN', 'DE'].map(market => off('corridor', `${market}>MY`)),
    minutes: 60,
  },
  'copied-codes': {
    title: 'Copied codes in circulation: stop the family, and lower what one may pay',
    steps: [off('family', 'qris'), moved('wallet-cn', 1n, 4n)],
    minutes: 30,
  },
  'hong-kong-closes': {
    title: 'Hong Kong must be left: drain it',
    steps: [{ kind: 'drain_center', center: 'hk' }],
    minutes: null,
  },
}
const REHEARSED = 'acquirer-in-trouble'

const isOff = ({ status, steps }: ChangeView) =>
  status === 'applied' && steps.some(({ kind }) => kind === 'switch_off')
const isAnnounced = ({ status, steps, until }: ChangeView) =>
  status === 'applied' && until !== null && steps.some(({ kind }) => kind === 'set_limit')

/** @param newId gives ids of changes */
export function deedsDue(seen: Seen, now: number, newId: () => string): readonly Deed[] {
  const { changes, alerts, isFirst } = seen
  const change = (
    who: string,
    steps: StepView[],
    reason: string,
    lastsMs: number,
    id = newId(),
  ): Deed => {
    const until = new Date(now + lastsMs).toISOString()
    const body = { id, steps, reason, until, basis: null }
    return { who, method: 'POST', path: '/changes', body }
  }
  /** What is for two, and both of them. */
  const agreed = (steps: StepView[], reason: string, lastsMs: number): readonly Deed[] => {
    const id = newId()
    return [
      change('mei', steps, reason, lastsMs, id),
      { who: 'aisyah', method: 'POST', path: `/changes/${id}/approve` },
    ]
  }
  const saved = seen.plans.length > 0 ? [] : Object.entries(plans)
  const tended = alerts.some(({ state }) => state === 'acknowledged')
  const [untended] = tended ? [] : alerts
  return [
    ...saved.map(
      ([name, plan]): Deed => ({
        who: 'somchai',
        method: 'PUT',
        path: `/plans/${name}`,
        body: { ...plan, revision: 0 },
      }),
    ),
    ...(saved.length === 0
      ? []
      : [{ who: 'mei', method: 'POST', path: `/plans/${REHEARSED}/rehearse` } as const]),
    ...(changes.some(isOff)
      ? []
      : agreed([off('corridor', 'DE>ID')], 'Rupiah rates are checked', 6 * HOUR_MS)),
    // Ends by itself, so its member sees from when on it may pay as much as before.
    ...(changes.some(isAnnounced)
      ? []
      : [change('lena', [moved('wallet-vn', 2n, 3n)], 'Sen Pay moves its books', 6 * HOUR_MS)]),
    ...(changes.some(({ status }) => status === 'proposed')
      ? []
      : [
          change(
            'somchai',
            [moved('wallet-th', 3n, 2n)],
            'Baan Pay asks, for Golden Week',
            48 * HOUR_MS,
          ),
        ]),
    // Who may only look on is not let steer, and that is in the chain, too.
    ...(isFirst
      ? [change('viet', [off('family', 'qris')], 'I wonder what this does', 5 * MINUTE_MS)]
      : []),
    ...(untended === undefined ? [] : tending(untended)),
  ]
}

const tending = ({ id }: AlertView): readonly Deed[] => [
  { who: 'mei', method: 'POST', path: `/alerts/${encodeURIComponent(id)}/acknowledge` },
  {
    who: 'mei',
    method: 'POST',
    path: `/alerts/${encodeURIComponent(id)}/notes`,
    body: { text: 'The member is asked what it knows of it.' },
  },
]
