/** Counts what was seen: one sighting goes into the cells of everything it is about. */
import { ALL, addLatency, type Cell, type Counter, type Window } from './window.ts'
import type { Seen, Sighting } from './window-digest.ts'
import type { Measure } from './window-open.ts'

/** What a sighting adds one to; the rest only moves what is open. */
export const counterOf = (
  what: Sighting['what'],
  isDoubtedAlready: boolean,
): Counter | undefined => {
  switch (what) {
    case 'opened':
    case 'committed':
    case 'aborted':
    case 'reversed':
      return what
    case 'doubted':
    case 'deemed':
      return isDoubtedAlready ? undefined : 'doubted'
    case 'refund_queued':
      return 'refunds'
    default:
      return undefined
  }
}

/**
 * @param timed whether every subject's way is timed, or only that of everything together
 */
export function countSighting(
  window: Window,
  seen: Seen,
  { what, code }: Sighting,
  counter: Counter | undefined,
  measures: readonly Measure[],
  timed: 'each' | 'all' = 'each',
) {
  if (counter === undefined && measures.length === 0) return
  const add = (cell: Cell, isTimed = timed === 'each') => {
    if (counter !== undefined) cell[counter] += 1
    if (what === 'committed') {
      cell.cny += seen.cny
      cell.usd += seen.usd
    }
    if (!isTimed) return
    for (const { hop, ms } of measures) addLatency(cell, hop, Math.max(ms, 0))
  }
  add(window.cell('all', ALL), true)
  add(window.cell('scenario', seen.scenario))
  add(window.cell('corridor', seen.corridor))
  add(window.cell('family', seen.family))
  add(window.cell('institution', seen.wallet))
  if (seen.acquirer !== seen.wallet) add(window.cell('institution', seen.acquirer))
  if (what === 'committed' || what === 'aborted') {
    add(window.cell('code', what === 'committed' ? 'SUCCESS' : (code ?? seen.code)))
  }
}

/** A request that the edge turned away: nothing is known of it but who asked and why not. */
export function countRefused(window: Window, institution: string, code: string, count: number) {
  window.cell('all', ALL).refused += count
  window.cell('institution', institution).refused += count
  window.cell('code', code).refused += count
}
