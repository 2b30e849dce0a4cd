/** Guards a center: has all tests look at what is seen, and remembers what they learnt. */
import type { Finding } from '../src/domain/anomaly.ts'
import type { UsedCode } from '../src/domain/anomaly-code.ts'
import { Detectors, type PackedDetectors } from '../src/domain/anomaly-detect.ts'
import type { MemberSignal } from '../src/domain/anomaly-member.ts'
import type { Seen, Sighting } from '../src/domain/window-digest.ts'
import type { Measure } from '../src/domain/window-open.ts'
import type { Pulse } from '../src/domain/window-pulse.ts'
import { Pages } from './pages.ts'
import type { Sql } from './sql.ts'

/** What was learnt is written this often, merchants as soon as they are met. */
const KEEP_MS = 300_000
const MET_MS = 10_000
/** News that is older than this, as after an outage, is history: it is counted, and nobody is called for it. */
const HISTORY_MS = 900_000
/** Events this old when they come, for so long, are worth an alert of their own. */
const LATE_MS = 30_000
const LATE_FOR_MS = 10_000

const schema = `CREATE TABLE IF NOT EXISTS merchant (
  name  TEXT PRIMARY KEY,
  first INTEGER NOT NULL
) STRICT, WITHOUT ROWID`

export class Guard {
  readonly #sql: Sql
  readonly #pages: Pages
  readonly #center: string
  readonly #detectors = new Detectors()
  #keptAt = 0
  #metAt = 0
  #lateSince: number | null = null

  constructor(sql: Sql, center: string) {
    this.#sql = sql
    this.#pages = new Pages(sql)
    this.#center = center
    sql.rows(schema)
    const learnt = this.#pages.get<PackedDetectors>('learnt')
    if (learnt !== null) this.#detectors.unpack(learnt)
    const since = this.#pages.get<number>('merchants since')
    if (since !== null) {
      const merchants = sql.rows<{ name: string; first: number }>(
        'SELECT name, first FROM merchant',
      )
      this.#detectors.merchants.remember(
        merchants.map(({ name, first }) => [name, first] as const),
        since,
      )
    }
  }

  observe(
    seen: Seen,
    sighting: Sighting,
    measures: readonly Measure[],
    isNews: boolean,
    now: number,
  ) {
    if (now - sighting.at > HISTORY_MS) return
    const answer = measures.find(({ hop }) => hop === 'answer')
    this.#detectors.observe(seen, sighting, answer?.ms ?? null, isNews)
  }

  signalled(signals: readonly MemberSignal[], used: readonly UsedCode[], now: number) {
    for (const signal of signals) this.#detectors.signalled(signal, now)
    for (const code of used) this.#detectors.usedCode(code)
  }

  /** What is held for true at this moment; call once a second. */
  tick(pulse: Pulse, now: number): readonly Finding[] {
    return [...this.#detectors.tick(now), ...this.#late(pulse, now)]
  }

  /** Whether there should be something to see: then a second without anything is worth judging, too. */
  expects(now: number): boolean {
    return this.#detectors.expects(now)
  }

  #late({ lagMs, heardAt }: Pulse, now: number): readonly Finding[] {
    const isLate = lagMs !== null && heardAt !== null && lagMs > LATE_MS && now - heardAt < LATE_MS
    this.#lateSince = isLate ? (this.#lateSince ?? now) : null
    if (this.#lateSince === null || now - this.#lateSince < LATE_FOR_MS) return []
    return [
      {
        kind: 'events_late',
        subject: { dimension: 'center', name: this.#center },
        severity: 'critical',
        facts: { lagSeconds: Math.round((lagMs ?? 0) / 1_000) },
        confidence: 1,
        payments: [],
        paymentsSeen: 0,
        also: [],
        since: this.#lateSince,
      },
    ]
  }

  /** Writes what was learnt, when it is time to. */
  keep(now: number) {
    if (now - this.#metAt >= MET_MS) {
      this.#metAt = now
      this.#keepMet()
    }
    if (now - this.#keptAt < KEEP_MS) return
    this.#keptAt = now
    this.#pages.transaction(() => this.#pages.put('learnt', this.#detectors.pack()))
  }

  #keepMet() {
    const { merchants } = this.#detectors
    const met = merchants.takeMet()
    if (met.length === 0) return
    this.#pages.transaction(() => {
      for (const [name, first] of met) {
        this.#sql.rows('INSERT OR IGNORE INTO merchant (name, first) VALUES (?, ?)', name, first)
      }
      this.#pages.put('merchants since', merchants.watchingSince)
    })
  }
}
