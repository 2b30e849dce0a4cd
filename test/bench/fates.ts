/** What became of calls, by the word that each answer uses for it: a status where there is a payment, else a result code. */
import type { Reply } from './load.ts'

export interface Fate {
  readonly count: number
  /** Milliseconds from when the call was meant to go until its answer. */
  readonly p50: number
  readonly p95: number
}

/** Nothing came, or the connection was lost: neither yes nor no. */
const NO_ANSWER = 'no answer'

/** What an answer says became of the payment. */
export function fateOf(reply: Reply | null): string {
  if (reply === null) return NO_ANSWER
  const said = read(reply.body)
  const word = reply.status === 200 ? said.status : said.code
  // A front before the gateway answers without the gateway's words.
  return typeof word === 'string' ? word : `HTTP ${reply.status}`
}

function read(body: Buffer): { readonly status?: unknown; readonly code?: unknown } {
  try {
    const said: unknown = JSON.parse(body.toString())
    return typeof said === 'object' && said !== null ? said : {}
  } catch {
    return {}
  }
}

/** Keeps how long the calls of each fate took. */
export class Fates {
  readonly #latencies = new Map<string, number[]>()

  heard(reply: Reply | null, latency: number) {
    const fate = fateOf(reply)
    const known = this.#latencies.get(fate)
    if (known === undefined) this.#latencies.set(fate, [latency])
    else known.push(latency)
  }

  /** The most frequent first. */
  all(): readonly (readonly [string, Fate])[] {
    return [...this.#latencies]
      .map(([fate, latencies]) => [fate, summed(latencies)] as const)
      .toSorted(([, one], [, other]) => other.count - one.count)
  }
}

function summed(latencies: readonly number[]): Fate {
  const sorted = latencies.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
  return { count: sorted.length, p50: at(0.5), p95: at(0.95) }
}
