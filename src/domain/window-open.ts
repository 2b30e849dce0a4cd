/**
 * What is open: undecided payments, duties and refunds by age, and what must be remembered of a payment until its
 * decision so that the parts of its way can be timed. Bounded: beyond the bound the newest are not followed.
 */
import { Bounded } from './bounded.ts'
import type { Hop } from './window.ts'
import type { Seen, Sighting, Unfinished } from './window-digest.ts'

export interface Measure {
  readonly hop: Hop
  /** Milliseconds. */
  readonly ms: number
}

interface Followed {
  readonly version: number
  readonly unfinished: readonly Unfinished[]
  /** When the responder said its first usable word, and when it was given up on; null for not yet. */
  readonly wordAt: number | null
  readonly doubtAt: number | null
}

/** Payments followed at a time. A center with more open ones has a trouble that needs no exact count. */
const FOLLOWED_MAX = 20_000
/** Payments of which the end is remembered, so that an older run that comes late does not open them again. */
const ENDED_MAX = 20_000
/** Rows of a table by kind and institution. */
const ROWS_MAX = 60

export const ages = ['under10s', 'under1m', 'under5m', 'under1h', 'over1h'] as const
type Age = (typeof ages)[number]

export interface OpenRow {
  readonly kind: string
  readonly institution: string
  readonly count: number
  readonly byAge: Readonly<Record<Age, number>>
  readonly oldest: { readonly paymentId: string; readonly since: number }
}

export class OpenThings {
  readonly #followed = new Map<string, Followed>()
  readonly #ended = new Bounded<string, number>(ENDED_MAX)

  /** Whether more are open than are followed. */
  get isFull(): boolean {
    return this.#followed.size >= FOLLOWED_MAX
  }

  /** What one sighting tells about the payment's way. Call in the order of the journal, before `settle`. */
  measure(seen: Seen, { what, at, since, code }: Sighting): readonly Measure[] {
    const known = this.#followed.get(seen.id)
    const elapsed = at - seen.openedAt
    switch (what) {
      case 'opened':
        return [{ hop: 'quote', ms: at - seen.quotedAt }]
      case 'user_asked':
      case 'doubted':
      case 'deemed': {
        const isWord = what === 'user_asked'
        this.#remember(seen, known, isWord ? { wordAt: at } : { doubtAt: known?.doubtAt ?? at })
        return isWord ? [{ hop: 'answer', ms: elapsed }] : []
      }
      case 'committed':
      case 'aborted': {
        const measures: Measure[] = [{ hop: 'total', ms: elapsed }]
        const isAnswer = code !== 'DEADLINE_EXCEEDED' && code !== 'CANCELLED'
        const wordAt = known?.wordAt ?? null
        if (wordAt === null && isAnswer) measures.push({ hop: 'answer', ms: elapsed })
        const from = wordAt ?? known?.doubtAt ?? null
        if (from !== null) measures.push({ hop: 'decision', ms: at - from })
        return measures
      }
      case 'delivered':
        return since === undefined ? [] : [{ hop: 'delivery', ms: at - since }]
      default:
        return []
    }
  }

  /** Whether the payment was given up on before, so that it is counted once. */
  isDoubted(id: string): boolean {
    return (this.#followed.get(id)?.doubtAt ?? null) !== null
  }

  /** Takes over what is unfinished, unless something newer is known. Call once for each payment of a run. */
  settle(seen: Seen) {
    const { id, version, unfinished } = seen
    if (version < (this.#ended.get(id) ?? 0)) {
      this.#followed.delete(id)
      return
    }
    const known = this.#followed.get(id)
    if (version < (known?.version ?? 0)) return
    if (unfinished.length > 0) {
      this.#remember(seen, known, { version })
      return
    }
    this.#followed.delete(id)
    this.#ended.set(id, version)
  }

  #remember({ id, unfinished }: Seen, known: Followed | undefined, change: Partial<Followed>) {
    if (known === undefined && this.isFull) return
    const before = known ?? { version: 0, wordAt: null, doubtAt: null }
    this.#followed.set(id, { ...before, unfinished, ...change })
  }

  /**
   * Most first.
   *
   * @param of only what this institution must act for; null for all
   */
  rows(now: number, of: string | null = null): readonly OpenRow[] {
    const rows = new Map<string, { -readonly [K in keyof OpenRow]: OpenRow[K] }>()
    for (const [paymentId, { unfinished }] of this.#followed) {
      for (const { kind, institution, since } of unfinished) {
        if (of !== null && institution !== of) continue
        const name = `${kind} ${institution}`
        const row = rows.get(name) ?? {
          kind,
          institution,
          count: 0,
          byAge: { under10s: 0, under1m: 0, under5m: 0, under1h: 0, over1h: 0 },
          oldest: { paymentId, since },
        }
        const age = ageOf(now - since)
        row.count += 1
        row.byAge = { ...row.byAge, [age]: row.byAge[age] + 1 }
        if (since < row.oldest.since) row.oldest = { paymentId, since }
        rows.set(name, row)
      }
    }
    return [...rows.values()].sort((one, other) => other.count - one.count).slice(0, ROWS_MAX)
  }

  pack(): PackedOpen {
    return [...this.#followed].map(([id, { version, unfinished, wordAt, doubtAt }]) => [
      id,
      version,
      wordAt,
      doubtAt,
      unfinished.map(({ kind, institution, since }) => [kind, institution, since]),
    ])
  }

  static of(packed: PackedOpen): OpenThings {
    const open = new OpenThings()
    for (const [id, version, wordAt, doubtAt, list] of packed) {
      const unfinished = list.map(([kind, institution, since]) => ({ kind, institution, since }))
      open.#followed.set(id, { version, wordAt, doubtAt, unfinished })
    }
    return open
  }
}

/** As it is stored. */
export type PackedOpen = readonly (readonly [
  id: string,
  version: number,
  wordAt: number | null,
  doubtAt: number | null,
  unfinished: readonly (readonly [kind: string, institution: string, since: number])[],
])[]

function ageOf(ms: number): Age {
  if (ms < 10_000) return 'under10s'
  if (ms < 60_000) return 'under1m'
  if (ms < 300_000) return 'under5m'
  return ms < 3_600_000 ? 'under1h' : 'over1h'
}
