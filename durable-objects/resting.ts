/**
 * Resting: lanes end every month, and some are idle for days. One that has spent what it was lent, and has been silent
 * since, is asked for nothing; so it is counted with the others of its kind, and no draw goes through it any more.
 */
import { lent } from '../src/domain/share.ts'
import type { Loans } from './loans.ts'

/** After its share has ended, and it was last heard of. */
const SILENT_MS = 600_000
/** Between two looks, and how many loans one of them puts to rest: somebody waits behind it. */
const PACE_MS = 60_000
const LOANS_MAX = 200

export class Resting {
  readonly #loans: Loans
  #looksAt = 0

  constructor(loans: Loans) {
    this.#loans = loans
  }

  look(now: number) {
    if (now < this.#looksAt) return
    this.#looksAt = now + PACE_MS
    const silent = this.#silent(now - SILENT_MS)
    if (silent.length === 0) return
    this.#loans.transaction(() => {
      for (const { limit, lane } of silent) this.#loans.rest(limit, lane)
    })
  }

  #silent(since: number) {
    const silent: { readonly limit: string; readonly lane: string }[] = []
    for (const { limit, lane, loan } of this.#loans.lanes()) {
      const isSpent = lent(loan) === loan.used
      const isSilent = Math.max(loan.expiresAt, loan.heardAt) < since
      if (isSpent && isSilent && silent.push({ limit, lane }) >= LOANS_MAX) break
    }
    return silent
  }
}
