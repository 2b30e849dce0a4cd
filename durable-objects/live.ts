/** What a monitor's live socket says: from what was seen to messages, each made once for all who tally. */
import { ALL, type NamedCell, type Window } from '../src/domain/window.ts'
import type { Pulse } from '../src/domain/window-pulse.ts'
import type { LiveDelta, LivePayment, LiveSnapshot } from '../src/wire/live.ts'
import { cellView, healthView, liveCellView, openView } from '../src/wire/monitor-view.ts'
import { instantText } from '../src/wire/view.ts'
import { type LivePiece, SECONDS_KEPT, type Second } from './seconds.ts'
import type { Tally } from './tally.ts'

/** Cells of one message: with it no message is longer than some 40 KB. */
const CELLS_MAX = 150
const MINUTES_SHOWN = 60
const MINUTE_MS = 60_000

/** What only the shell knows. */
export interface Scene {
  readonly center: string
  readonly watchers: number
  readonly now: number
}

const paymentView = ({ seen, sighting }: LivePiece): LivePayment => ({
  paymentId: seen.id,
  at: instantText(sighting.at),
  event: sighting.what as LivePayment['event'],
  corridor: seen.corridor,
  scenario: seen.scenario,
  family: seen.family,
  wallet: seen.wallet,
  acquirer: seen.acquirer,
  resultCode: sighting.what === 'committed' ? 'SUCCESS' : (sighting.code ?? seen.code),
  payer: { currency: seen.payer[0], minor: seen.payer[1] },
  payee: { currency: seen.payee[0], minor: seen.payee[1] },
  ms: sighting.at - seen.openedAt,
})

/** Busiest first, everything together before all. */
function busiest(window: Window): NamedCell[] {
  const weight = ({ dimension, cell }: NamedCell) =>
    dimension === 'all'
      ? Number.MAX_VALUE
      : cell.opened + cell.committed + cell.aborted + cell.refused
  return [...window.cells()].sort((one, other) => weight(other) - weight(one))
}

export function deltaOf(
  second: Second,
  pulse: Pulse,
  { center, watchers, now }: Scene,
  news: Pick<LiveDelta, 'open' | 'alerts' | 'alertsLeft' | 'calling'>,
): LiveDelta {
  const cells = busiest(second.window)
  return {
    type: 'delta',
    center,
    cursor: `${second.at}`,
    at: instantText(second.at),
    cells: cells.slice(0, CELLS_MAX).map(liveCellView),
    cellsCut: Math.max(cells.length - CELLS_MAX, 0),
    payments: second.payments.map(paymentView),
    paymentsCut: second.paymentsCut,
    ...news,
    health: healthView(center, pulse, watchers, now),
  }
}

/** Minutes as they are shown, kept while they do not change. */
export class MinuteViews {
  readonly #views = new Map<number, LiveSnapshot['minutes'][number]>()

  of(tally: Tally, now: number): LiveSnapshot['minutes'] {
    const from = now - MINUTES_SHOWN * MINUTE_MS
    for (const start of this.#views.keys()) {
      if (start < from || tally.isOpen(start)) this.#views.delete(start)
    }
    const known = new Set(this.#views.keys())
    for (const { start, window } of tally.minutes(from, now + MINUTE_MS, known)) {
      this.#views.set(start, { start: instantText(start), cells: summary(window) })
    }
    return [...this.#views].sort(([one], [other]) => one - other).map(([, view]) => view)
  }
}

/** The dimensions that a first look needs; the rest is asked for. */
const summary = (window: Window) =>
  [...window.cells()]
    .filter(({ dimension }) => ['all', 'scenario', 'corridor'].includes(dimension))
    .map(cellView)

export function snapshotOf(
  tally: Tally,
  minutes: MinuteViews,
  cursor: number,
  scene: Scene,
  rest: Pick<LiveSnapshot, 'alerts' | 'alertsCut' | 'calling'>,
): LiveSnapshot {
  const { center, watchers, now } = scene
  const { seconds } = tally
  return {
    type: 'snapshot',
    center,
    cursor: `${cursor}`,
    at: instantText(now),
    seconds: seconds.since(now - SECONDS_KEPT * 1000).flatMap(({ at, window }) => {
      const cell = window.find('all', ALL)
      if (cell === undefined) return []
      return [{ at: instantText(at), cell: liveCellView({ dimension: 'all', name: ALL, cell }) }]
    }),
    minutes: minutes.of(tally, now),
    last: [...seconds.lastMinute(now).cells()].map(cellView),
    payments: seconds.newest.map(paymentView),
    open: tally.openRows(now).map(openView),
    ...rest,
    health: healthView(center, tally.pulse(now), watchers, now),
  }
}
