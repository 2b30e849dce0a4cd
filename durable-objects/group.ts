/** Group commit: work that comes together is done in one transaction, because a commit costs more than the work. */
import type { Sql } from './sql.ts'

/** How long a group gathers: 1 ms is where throughput stops rising and latency has not begun to. */
const GATHER_MS = 1
const GROUP_MAX = 256

interface Waiting {
  /** Does the work and gives what answers it once it is durable. */
  readonly work: () => () => void
  reject(error: unknown): void
}

export class Group {
  readonly #sql: Sql
  readonly #pause: (ms: number) => Promise<void>
  readonly #committed: () => void
  readonly #waiting: Waiting[] = []
  #gathering = false

  /** @param committed hears of every commit, in its own turn: what it writes is as durable as the commit; must not throw */
  constructor(sql: Sql, pause: (ms: number) => Promise<void>, committed: () => void = () => {}) {
    this.#sql = sql
    this.#pause = pause
    this.#committed = committed
  }

  /** Resolves with what the work gave, once that is durable. Work must not await. */
  commit<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const answering = () => {
        const value = work()
        return () => resolve(value)
      }
      this.#waiting.push({ work: answering, reject })
      if (!this.#gathering) void this.#gather()
    })
  }

  async #gather() {
    this.#gathering = true
    while (this.#waiting.length > 0) {
      await this.#pause(GATHER_MS)
      const group = this.#waiting.splice(0, GROUP_MAX)
      try {
        const answers = this.#sql.transaction(() => group.map(({ work }) => work()))
        this.#committed()
        for (const answer of answers) answer()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#gathering = false
  }
}
