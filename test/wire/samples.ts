/** One of each shape that a monitor shows, as a console would get it. */
import type { AlertList, AlertView, MuteRequest, MuteView } from '../../src/wire/alert.ts'
import type {
  LiveCell,
  LiveDelta,
  LiveMessage,
  LivePayment,
  LiveSnapshot,
} from '../../src/wire/live.ts'
import type {
  CenterHealth,
  Dimension,
  Hop,
  LatencyView,
  OpenRow,
  Overview,
  WindowCell,
  WindowName,
  Windows,
} from '../../src/wire/monitor.ts'

const at = '2026-01-31T08:00:00.000Z'
const paymentId = 'pay_08000sg0041g62gh30fjcb9m7d14jm2q'
const window: WindowName = 'minute'
const dimension: Dimension = 'corridor'
const hop: Hop = 'total'

const latency: LatencyView = { count: 41, p50: 210.4, p95: 700.1, p99: 1204 }

export const cell: WindowCell = {
  dimension,
  name: 'CN>TH',
  opened: 44,
  committed: 40,
  aborted: 1,
  doubted: 1,
  reversed: 0,
  refunds: 0,
  refused: 2,
  successRate: 40 / 41,
  cny: { currency: 'CNY', minor: '1234500' },
  usd: { currency: 'USD', minor: '171458' },
  latency: { [hop]: latency },
}

export const windows: Windows = {
  window,
  from: at,
  until: at,
  periods: [{ start: at, cells: [cell] }],
  cut: false,
  missing: ['fra'],
}

const health: CenterHealth = {
  center: 'hk',
  state: 'live',
  lastEventAt: at,
  lagMs: 640,
  lag: latency,
  lanes: 12,
  behind: 0,
  watchers: 3,
}

const open: OpenRow = {
  kind: 'in_doubt',
  institution: 'acquirer-th',
  count: 2,
  byAge: { under10s: 1, under1m: 1, under5m: 0, under1h: 0, over1h: 0 },
  oldest: { paymentId, since: at },
}

export const overview: Overview = {
  at,
  centers: [health],
  minute: [cell],
  open: [open],
  limits: [
    {
      institution: 'wallet-th',
      scope: '*',
      kind: 'value_day',
      currency: 'THB',
      value: '1000000',
      used: '950000',
      held: '20000',
      share: 0.95,
      resetsAt: at,
    },
  ],
  alerts: { critical: 1, warning: 0, notice: 0 },
  missing: [],
}

const words = {
  title: 'Payments fail at acquirer-th',
  seen: '12 of 20 payments failed.',
  expected: 'About 3 of 100 fail at this time of the week.',
  advice: 'Ask acquirer-th; consider suspending it.',
}

export const alert: AlertView = {
  id: 'alr_hk_17',
  center: 'hk',
  kind: 'success_drop',
  subject: { dimension: 'institution', name: 'acquirer-th' },
  payer: null,
  severity: 'critical',
  state: 'acknowledged',
  says: { en: words, zh: words },
  facts: { seenShare: 0.6, expectedShare: 0.03 },
  confidence: 0.999,
  payments: [paymentId],
  paymentsSeen: 12,
  also: [{ dimension: 'corridor', name: 'CN>TH' }],
  since: at,
  raisedAt: at,
  lastSeenAt: at,
  endedAt: null,
  resolvedBy: null,
  reopened: 0,
  owner: 'ops@example.org',
  notes: [{ at, by: 'ops@example.org', text: 'Called them.' }],
  mutedUntil: null,
  version: 3,
}

export const alerts: AlertList = { data: [alert], nextCursor: null, missing: [] }

export const muteRequest: MuteRequest = {
  id: 'singles',
  kind: 'volume_spike',
  until: at,
  reason: 'Singles day',
}

export const mute: MuteView = {
  id: 'mut_hk_2',
  kind: 'volume_spike',
  subject: null,
  from: at,
  until: at,
  reason: 'Singles day',
  by: 'ops@example.org',
  notIn: ['fra'],
}

const calling = { critical: 1, warning: 0, notice: 0 }

const liveCell: LiveCell = {
  dimension,
  name: 'CN>TH',
  committed: 3,
  cny: 4_500,
  usd: 625,
  total: [66, 2, 71, 1],
}

const payment: LivePayment = {
  paymentId,
  at,
  event: 'committed',
  corridor: 'CN>TH',
  scenario: 'outbound',
  family: 'promptpay',
  wallet: 'wallet-cn',
  acquirer: 'acquirer-th',
  resultCode: 'SUCCESS',
  payer: { currency: 'CNY', minor: '1500' },
  payee: { currency: 'THB', minor: '6840' },
  ms: 214,
}

export const delta: LiveDelta = {
  type: 'delta',
  center: 'hk',
  cursor: 'k3f.1769846401',
  at,
  cells: [liveCell],
  cellsCut: 0,
  payments: [payment],
  paymentsCut: 0,
  alerts: [alert],
  alertsLeft: 3,
  calling,
  health,
}

const snapshot: LiveSnapshot = {
  type: 'snapshot',
  center: 'hk',
  cursor: 'k3f.1769846400',
  at,
  seconds: [{ at, cell: liveCell }],
  minutes: [{ start: at, cells: [cell] }],
  last: [cell],
  payments: [payment],
  open: [open],
  alerts: [alert],
  alertsCut: 0,
  calling,
  health,
}

export const messages: readonly LiveMessage[] = [
  snapshot,
  delta,
  { type: 'catch_up', center: 'hk', cursor: delta.cursor, deltas: [delta] },
]
