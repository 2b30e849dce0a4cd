/** What was measured so far, by workload and connections. */
import { type Measured, median } from './measure.ts'

export interface Row {
  readonly name: string
  /** 0 in an open loop. */
  readonly connections: number
  readonly runs: readonly Measured[]
}

/** So many times what was last done in a second is at hand for the next turn: what is left over was made for nothing. */
const AT_HAND = 1.4

export class Rows {
  readonly #rows = new Map<string, Row>()
  readonly #tell: (line: string) => void

  constructor(tell: (line: string) => void) {
    this.#tell = tell
  }

  keep(name: string, connections: number, run: Measured) {
    const key = `${name} ${connections}`
    const runs = [...(this.#rows.get(key)?.runs ?? []), run]
    this.#rows.set(key, { name, connections, runs })
    this.#tell(
      `  ${name.padEnd(26)} ${String(connections || '-').padStart(3)} connections ${run.perSecond.toFixed(0).padStart(7)}/s  p50 ${run.p50.toFixed(1)} ms`,
    )
  }

  all(): readonly Row[] {
    return [...this.#rows.values()]
  }

  /** The middle run. */
  of(name: string, connections = 32): Measured {
    return median(this.#rows.get(`${name} ${connections}`)?.runs ?? [])
  }

  /** Calls to make ready for so many seconds. @param guess a second, where this was never measured */
  atHand(name: string, connections: number, seconds: number, guess: number): number {
    const runs = this.#rows.get(`${name} ${connections}`)?.runs ?? []
    const fastest = Math.max(...runs.map(({ perSecond }) => perSecond))
    return Math.ceil(seconds * AT_HAND * (runs.length === 0 ? guess : fastest))
  }
}
