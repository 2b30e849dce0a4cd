/**
 * The live sockets, one for each center: kept open, opened again with growing patience, and brought up to date from the
 * cursor that was seen last.
 */
import { computed, signal } from '@preact/signals'
import { closeCodes } from '../domain/close-codes.ts'
import type { LiveCell, LiveDelta, LiveMessage, LivePayment } from '../wire/live.ts'
import type { CenterHealth } from '../wire/monitor.ts'
import { hearAlerts } from './alerts.ts'
import { lapsed, read } from './api.ts'
import { insist, patienceMs, pause } from './patience.ts'
import { isStillSignedIn, untilSignedIn } from './store.ts'

/** One second of everything together, all centers added up. */
export interface Second {
  readonly at: number
  readonly opened: number
  readonly committed: number
  readonly aborted: number
  readonly refused: number
  /** Fen. */
  readonly cny: number
  /** Bins of the time from opening to decision, by index. */
  readonly total: ReadonlyMap<number, number>
}

/** Worst first. */
const lineStates = ['away', 'connecting', 'live'] as const
type State = (typeof lineStates)[number]

const SECONDS_SHOWN = 120
const PAYMENTS_SHOWN = 30
const SEEN_EVERY_MS = 5_000
/** A token counts a little longer than the right to watch, so whoever is asked at once may say that all is well. */
const OVER_MS = 10_000

const states = signal<Readonly<Record<string, State>>>({})
/** Until it is known which centers there are. */
const asking = signal<State | null>('connecting')
/** The worst of the lines, or that they are closed because nobody is signed in any more. */
export const line = computed((): State | 'over' => {
  if (lapsed.value) return 'over'
  const all = [...Object.values(states.value), asking.value]
  return lineStates.find(state => all.includes(state)) ?? 'live'
})
export const seconds = signal<readonly Second[]>([])
export const newest = signal<readonly LivePayment[]>([])
export const health = signal<Readonly<Record<string, CenterHealth>>>({})

const perCenter = new Map<string, Map<number, Second>>()

const secondOf = (at: number, cell: Partial<LiveCell> | undefined): Second => {
  const bins = cell?.total ?? []
  const total = new Map<number, number>()
  for (let index = 0; index + 1 < bins.length; index += 2)
    total.set(bins[index] ?? 0, bins[index + 1] ?? 0)
  const { opened = 0, committed = 0, aborted = 0, refused = 0, cny = 0 } = cell ?? {}
  return { at, opened, committed, aborted, refused, cny, total }
}

const instantOf = (text: string): number => Math.floor(Date.parse(text) / 1_000) * 1_000

function take(center: string, at: string, cell: LiveCell | undefined) {
  const kept = perCenter.get(center) ?? new Map<number, Second>()
  perCenter.set(center, kept)
  const second = secondOf(instantOf(at), cell)
  const before = kept.get(second.at)
  // Two messages may tell of one second: who begins to watch cuts it in two.
  kept.set(second.at, before === undefined ? second : sumOf(second.at, [before, second]))
  if (kept.size > 2 * SECONDS_SHOWN) {
    const oldest = [...kept.keys()].sort((one, other) => one - other).slice(0, SECONDS_SHOWN)
    for (const each of oldest) kept.delete(each)
  }
}

function sumOf(at: number, parts: readonly Second[]): Second {
  const total = new Map<number, number>()
  for (const part of parts) {
    for (const [bin, count] of part.total) total.set(bin, (total.get(bin) ?? 0) + count)
  }
  const sum = (field: 'opened' | 'committed' | 'aborted' | 'refused' | 'cny') =>
    parts.reduce((all, part) => all + part[field], 0)
  return {
    at,
    opened: sum('opened'),
    committed: sum('committed'),
    aborted: sum('aborted'),
    refused: sum('refused'),
    cny: sum('cny'),
    total,
  }
}

/** Adds the centers up, second by second, up to the newest that any of them has told of. */
function addUp() {
  const last = Math.max(0, ...[...perCenter.values()].flatMap(kept => [...kept.keys()]))
  if (last === 0) return
  seconds.value = Array.from({ length: SECONDS_SHOWN }, (_, index) => {
    const at = last - (SECONDS_SHOWN - 1 - index) * 1_000
    const parts = [...perCenter.values()].flatMap(kept => kept.get(at) ?? [])
    return sumOf(at, parts)
  })
}

function takeDelta(delta: LiveDelta) {
  take(
    delta.center,
    delta.at,
    delta.cells.find(({ dimension }) => dimension === 'all'),
  )
  addPayments(delta.payments)
  health.value = { ...health.value, [delta.center]: delta.health }
  hearAlerts(delta.center, delta.calling, (delta.alerts ?? []).length > 0)
}

function addPayments(payments: readonly LivePayment[]) {
  const all = [...payments, ...newest.value].sort((one, other) => (one.at < other.at ? 1 : -1))
  const known = new Set<string>()
  // A payment is shown once, as it is now.
  const fresh = all.filter(({ paymentId }) => !known.has(paymentId) && known.add(paymentId))
  newest.value = fresh.slice(0, PAYMENTS_SHOWN)
}

function hear(message: LiveMessage) {
  if (message.type === 'delta') takeDelta(message)
  else if (message.type === 'catch_up') for (const delta of message.deltas) takeDelta(delta)
  else {
    perCenter.delete(message.center)
    for (const { at, cell } of message.seconds) take(message.center, at, cell)
    addPayments(message.payments)
    health.value = { ...health.value, [message.center]: message.health }
    hearAlerts(message.center, message.calling, true)
  }
  addUp()
}

/** Watches every center until the page is left; which there are is asked until it is answered. */
export async function watchAll() {
  const centers = () => read<{ data: readonly { id: string }[] }>('/ops/v1/centers')
  const { data } = await insist(centers, () => {
    asking.value = 'away'
  })
  asking.value = null
  for (const { id } of data) watch(id)
}

function watch(center: string) {
  let cursor: string | null = null
  let tries = 0
  const tell = (state: State) => {
    states.value = { ...states.value, [center]: state }
  }
  const open = () => {
    tell(tries === 0 ? 'connecting' : 'away')
    const socket = new WebSocket(urlOf(center, cursor))
    let isHeard = false
    let saidAt = 0
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as LiveMessage
      cursor = message.cursor
      tries = 0
      isHeard = true
      tell('live')
      // Said with what it answers: a timer is slowed down while the page is behind another one.
      if (Date.now() >= saidAt + SEEN_EVERY_MS) {
        saidAt = Date.now()
        socket.send(JSON.stringify({ seen: cursor }))
      }
      hear(message)
    }
    socket.onclose = ({ code }) => {
      tell('away')
      void comeBack(code, isHeard)
    }
  }
  const comeBack = async (code: number, isHeard: boolean) => {
    const isOver = code === closeCodes.over
    await pause(isOver ? OVER_MS : patienceMs(tries))
    tries += 1
    // A socket that was refused does not say why.
    const isDoubtful = isOver || !isHeard
    if (isDoubtful && !(await isStillSignedIn())) await untilSignedIn()
    open()
  }
  open()
}

function urlOf(center: string, cursor: string | null): URL {
  const url = new URL('/ops/v1/live', location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  url.searchParams.set('center', center)
  if (cursor !== null) url.searchParams.set('after', cursor)
  return url
}
