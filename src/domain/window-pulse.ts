/** The pulse of a center: how its events come in. */

export interface Pulse {
  /** When the newest event that was heard of happened; milliseconds since 1970, null before the first. */
  readonly lastEventAt: number | null
  /** When anything was last heard, and how old the newest event of it was. */
  readonly heardAt: number | null
  readonly lagMs: number | null
  /** The same over the last minute, as the bins of a sketch. */
  readonly lag: readonly number[]
  /** Lanes heard of, and events known to be missing. */
  readonly lanes: number
  readonly behind: number
}

/** Nothing for so long, and the center is idle; older than this on arrival, and it is late. */
const IDLE_MS = 60_000
const LATE_MS = 10_000

export function stateOf({ heardAt, lagMs }: Pulse, now: number): 'live' | 'late' | 'idle' {
  if (heardAt === null || now - heardAt > IDLE_MS) return 'idle'
  return lagMs !== null && lagMs > LATE_MS ? 'late' : 'live'
}
