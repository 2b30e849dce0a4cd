/**
 * The consumer of a center's dead-letter queue: makes each message seen, and lets it go. Nothing is lost with it:
 * a lane tells again what nobody acknowledged.
 */
import { readLaneBatch } from './lane-batch.ts'

export interface DeadLine {
  readonly log: 'dead'
  readonly message: string
  readonly attempts: number
  /** Null where the message is no run of a lane. */
  readonly lane: string | null
  readonly from: number | null
  readonly to: number | null
}

export function consumeDead(batch: MessageBatch<unknown>, log: (line: DeadLine) => void): void {
  for (const { id, attempts, body } of batch.messages) {
    const run = readLaneBatch(body)
    const { lane, from, to } = run ?? { lane: null, from: null, to: null }
    log({ log: 'dead', message: id, attempts, lane, from, to })
  }
  batch.ackAll()
}
