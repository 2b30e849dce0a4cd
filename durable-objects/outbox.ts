/**
 * A lane's outbox: sends runs of the journal to the queue until the projection has acknowledged them.
 *
 * The queue may lose, repeat and reorder, so "sent" means nothing; only an acknowledgement moves the mark. What
 * stays unacknowledged is sent again, patiently, because then it is the projection that is away.
 */
import type { PackedBatch } from '../src/domain/lane-batch.ts'
import type { Journal } from './journal.ts'

export interface OutboxPorts {
  now(): number
  /** Resolves after `ms`, or never once the signal aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>
  publish(batch: PackedBatch): Promise<void>
}

/**
 * Gathers what commits close together into one message: a queue bills by the message, and a payment that is opened,
 * decided and acknowledged meanwhile is written to the projection once.
 */
const GATHER_MS = 200
/** Unacknowledged for this long is sent again; doubles with each repetition. */
const REPEAT_MS = 5_000
const REPEAT_MAX_MS = 60_000
/** A queue that has not taken a run by then is away, and must not keep the lane from trying again. */
const PUBLISH_MS = 10_000
/** Runs sent in one go, so that a long backlog never holds the lane. */
const RUNS_MAX = 20

export class Outbox {
  readonly #journal: Journal
  readonly #ports: OutboxPorts
  readonly #center: string
  readonly #lane: string
  #sent: number
  #sending = false
  #repeatMs = REPEAT_MS
  #repeatAt = 0
  /** Until when a queue that took nothing is left in peace. */
  #restUntil = 0

  constructor(journal: Journal, ports: OutboxPorts, center: string, lane: string) {
    this.#journal = journal
    this.#ports = ports
    this.#center = center
    this.#lane = lane
    this.#sent = journal.projected
  }

  /** When the outbox next needs the clock, or null when all is acknowledged. */
  get dueAt(): number | null {
    if (this.#journal.projected >= this.#journal.seq) return null
    const now = this.#ports.now()
    if (this.#sending) return now + REPEAT_MS
    return this.#sent < this.#journal.seq ? Math.max(now, this.#restUntil) : this.#repeatAt
  }

  /** Sends what is new, once for all who ask meanwhile. Never throws: the alarm comes back for what failed. */
  async flush(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    try {
      await this.#ports.pause(GATHER_MS)
      await this.#sendRuns()
    } catch {
      this.#restUntil = this.#ports.now() + REPEAT_MS
    } finally {
      this.#sending = false
    }
  }

  /** Sends again what nobody acknowledged in time, then what is new. */
  async wake(): Promise<void> {
    const { projected, seq } = this.#journal
    if (projected >= seq) return
    if (this.#sent > projected && this.#ports.now() >= this.#repeatAt) {
      this.#sent = projected
      this.#repeatMs = Math.min(this.#repeatMs * 2, REPEAT_MAX_MS)
    }
    await this.flush()
  }

  /** The projection has everything up to and including `seq`. */
  acknowledge(seq: number) {
    if (seq <= this.#journal.projected) return
    this.#journal.acknowledge(Math.min(seq, this.#journal.seq))
    this.#repeatMs = REPEAT_MS
  }

  /** The projection has no more than up to `seq`. False where nobody believed in more. */
  rewind(seq: number): boolean {
    if (seq >= this.#journal.projected) return false
    this.#journal.rewind(seq)
    this.#sent = Math.min(this.#sent, seq)
    this.#repeatMs = REPEAT_MS
    this.#repeatAt = 0
    return true
  }

  async #sendRuns() {
    for (let runs = 0; runs < RUNS_MAX; runs += 1) {
      const batch = this.#journal.run(this.#sent, this.#center, this.#lane)
      if (batch === null) break
      await this.#publish(batch)
      this.#sent = Math.max(this.#sent, batch.to)
      this.#repeatAt = this.#ports.now() + this.#repeatMs
    }
  }

  async #publish(batch: PackedBatch) {
    const patience = new AbortController()
    const late = this.#ports.pause(PUBLISH_MS, patience.signal).then(() => {
      throw new Error(`the queue took nothing in ${PUBLISH_MS} ms`)
    })
    // Whoever loses the race must not be heard of again.
    late.catch(() => null)
    try {
      await Promise.race([this.#ports.publish(batch), late])
    } finally {
      patience.abort('over')
    }
  }
}
