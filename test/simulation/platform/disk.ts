/**
 * An object's disk: `node:sqlite` in memory with the platform's promises. Writes become durable a moment after they are
 * made, all that wait at once; until then nothing leaves the object (the output gate), and a crash takes them back.
 * The one alarm is part of what is written.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

/** What the world around a disk decides and hears. */
export interface DiskPorts {
  /** Calls back when the writes that wait are to become durable. */
  soon(flush: () => void): void
  /** Whether whoever writes was killed within this very step: nothing of that is written. */
  isGone(): boolean
  /** Throws where the disk is full. */
  mayWrite(): void
  /** Rows of the journal that have just become durable, oldest first; and whether shares have changed. */
  durable(rows: readonly JournalRow[], shares: boolean): void
}

export interface JournalRow {
  readonly last: number
  readonly body: string
}

interface Prepared {
  readonly statement: StatementSync
  readonly writes: boolean
  readonly isJournal: boolean
  /** Where a full disk is noticed. */
  readonly mayFail: boolean
}

/** Writes that are not durable yet, and what waits for them. */
interface Batch {
  shares: boolean
  readonly rows: JournalRow[]
  readonly waiting: (() => void)[]
}

export class Disk {
  readonly #database = new DatabaseSync(':memory:')
  readonly #prepared = new Map<string, Prepared>()
  readonly #ports: DiskPorts
  #batch: Batch | null = null
  #alarm: number | null = null
  #durableAlarm: number | null = null
  /** The alarm that is being handled: no longer set for the object, not yet forgotten by the platform. */
  #handled: number | null = null

  constructor(ports: DiskPorts) {
    this.#ports = ports
  }

  /** The face that a Durable Object sees. */
  readonly storage = {
    sql: {
      exec: (query: string, ...values: SQLInputValue[]) => {
        const rows = this.rows(query, ...values)
        return { toArray: () => rows }
      },
    },
    transactionSync: <T>(work: () => T): T => this.#transaction(work),
    setAlarm: (at: number): Promise<void> => {
      if (this.#ports.isGone()) return Promise.resolve()
      this.#write()
      this.#alarm = at
      return Promise.resolve()
    },
  }

  rows(query: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    const { statement, writes, isJournal, mayFail } = this.#prepare(query)
    if (writes && this.#ports.isGone()) return []
    if (writes) {
      this.#write()
      if (mayFail) this.#ports.mayWrite()
    }
    const rows = statement.all(...values)
    if (mayFail && !isJournal && this.#batch !== null) this.#batch.shares = true
    if (isJournal) this.#batch?.rows.push({ last: Number(values[0]), body: String(values[1]) })
    return rows
  }

  /** Whether an object has made this table yet. */
  has(table: string): boolean {
    return this.rows('SELECT 1 FROM sqlite_master WHERE name = ?', table).length > 0
  }

  /** What the platform would fire, were it to restart now. */
  get alarm(): number | null {
    return this.#durableAlarm
  }

  /** While an alarm is handled it is not set; what the handler sets is the next one. */
  alarmBegins() {
    this.#handled = this.#durableAlarm
    this.#alarm = null
  }

  alarmDone() {
    this.#handled = null
    if (this.#batch === null) this.#durableAlarm = this.#alarm
  }

  get isHandlingAlarm(): boolean {
    return this.#handled !== null
  }

  /** The output gate: at once where everything is durable, otherwise as soon as it is. */
  gate(leave: () => void) {
    if (this.#batch === null) leave()
    else this.#batch.waiting.push(leave)
  }

  /** Takes back whatever is not durable. */
  crash() {
    if (this.#batch !== null) this.#run('ROLLBACK')
    this.#batch = null
    this.#handled = null
    this.#alarm = this.#durableAlarm
  }

  /** Makes the writes durable and gives what waited for them, not yet let go. */
  flush(): readonly (() => void)[] {
    const batch = this.#batch
    if (batch === null) return []
    this.#run('COMMIT')
    this.#batch = null
    this.#durableAlarm = this.#alarm ?? this.#handled
    this.#ports.durable(batch.rows, batch.shares)
    return batch.waiting
  }

  #write() {
    if (this.#batch !== null) return
    const batch: Batch = { shares: false, rows: [], waiting: [] }
    this.#run('BEGIN')
    this.#batch = batch
    this.#ports.soon(() => {
      if (this.#batch === batch) for (const leave of this.flush()) leave()
    })
  }

  /** What was written before it stays when it throws; where nothing was, all of the batch goes. */
  #transaction<T>(work: () => T): T {
    const before = this.#batch
    const [rows, alarm] = [before?.rows.length ?? 0, this.#alarm]
    if (before !== null) this.#run('SAVEPOINT work')
    try {
      const result = work()
      if ((this.#batch?.rows.length ?? 0) > rows) this.#ports.mayWrite()
      if (before !== null) this.#run('RELEASE work')
      return result
    } catch (error) {
      if (before !== null) {
        this.#run('ROLLBACK TO work')
        this.#run('RELEASE work')
        before.rows.splice(rows)
      } else if (this.#batch !== null) {
        this.#run('ROLLBACK')
        this.#batch = null
      }
      this.#alarm = alarm
      throw error
    }
  }

  #run(query: string) {
    this.#prepare(query).statement.run()
  }

  #prepare(query: string): Prepared {
    const known = this.#prepared.get(query)
    if (known !== undefined) return known
    const made = {
      statement: this.#database.prepare(query),
      writes: /^\s*(?:INSERT|UPDATE|DELETE|CREATE)/.test(query),
      isJournal: query.startsWith('INSERT INTO journal'),
      mayFail:
        /^(?:INSERT INTO|UPDATE|DELETE FROM) (?:journal|purse|loan|held|claims|allowances) /.test(
          query,
        ),
    }
    this.#prepared.set(query, made)
    return made
  }

  close() {
    this.#database.close()
  }
}
