/** Queue messages for tests: they remember how they were answered. */
import { type LaneBatch, packBatch, packEntry } from '../../src/domain/lane-batch.ts'
import { packJson } from '../../src/domain/pack.ts'

export interface Sent {
  readonly message: Message<unknown>
  answer: 'none' | 'ack' | number
}

export function sent(body: unknown, attempts = 1): Sent {
  const record: Sent = {
    answer: 'none',
    message: {
      id: 'm1',
      timestamp: new Date(0),
      body,
      attempts,
      ack() {
        record.answer = 'ack'
      },
      retry(options) {
        record.answer = options?.delaySeconds ?? 0
      },
    } as Message<unknown>,
  }
  return record
}

/** As a lane sends it. */
export function sentRun({ center, lane, from, entries, payments }: LaneBatch, attempts = 1): Sent {
  const { text } = packBatch({
    center,
    lane,
    after: from - 1,
    entries: entries.map(({ seq, paymentId, event }) => packEntry(seq, paymentId, packJson(event))),
    payments: payments.map(packJson),
  })
  return sent(text, attempts)
}

export const batchOf = (...list: Sent[]): MessageBatch<unknown> =>
  ({
    queue: 'events',
    messages: list.map(({ message }) => message),
    ackAll() {
      for (const { message } of list) message.ack()
    },
  }) as unknown as MessageBatch<unknown>
