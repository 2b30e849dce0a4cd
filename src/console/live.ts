/**
 * The live sockets, one for each center: kept open, opened again with growing patience, and brought up to date from the
 * cursor that was seen last.
 */
import { signal } from '@preact/signals'
import type { LiveCell, LiveDelta, LiveMessage, LivePayment } from '../wire/live.ts'
import type { CenterHealth } from '../wire/monitor.ts'
import { changeAlerts, replaceAlerts } from './alerts.ts'

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

type State = 'connecting' | 'live' | 'away'

const SECONDS_SHOWN = 120
const PAYMENTS_SHOWN = 30
const SEEN_EVERY_MS = 5_000
const PATIENCE_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000] as const

export const states = signal<Readonly<Record<string, State>>>({})
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
  if (delta.alerts !== undefined && delta.alerts.length > 0) changeAlerts(delta.alerts)
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
    replaceAlerts(message.center, message.alerts)
  }
  addUp()
}

/** Watches these centers until the page is left. */
export function watchAll(centers: readonly string[]) {
  for (const center of centers) watch(center)
}

const watched = new Set<string>()

function watch(center: string) {
  if (watched.has(center)) return
  watched.add(center)
  let cursor: string | null = null
  let tries = 0
  const tell = (state: State) => {
    states.value = { ...states.value, [center]: state }
  }
  const open = () => {
    tell(tries === 0 ? 'connecting' : 'away')
    const url = new URL('/ops/v1/live', location.href)
    url.protocol = url.protocol.replace('http', 'ws')
    url.searchParams.set('center', center)
    if (cursor !== null) url.searchParams.set('after', cursor)
    const socket = new WebSocket(url)
    const saying = setInterval(() => {
      if (cursor !== null && socket.readyState === WebSocket.OPEN) {
        socket.send(JSON.stringify({ seen: cursor }))
      }
    }, SEEN_EVERY_MS)
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as LiveMessage
      cursor = message.cursor
      tries = 0
      tell('live')
      hear(message)
    }
    socket.onclose = () => {
      clearInterval(saying)
      tell('away')
      const patience = PATIENCE_MS[Math.min(tries, PATIENCE_MS.length - 1)] ?? 15_000
      tries += 1
      setTimeout(open, patience)
    }
  }
  open()
}
