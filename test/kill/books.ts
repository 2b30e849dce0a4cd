/** The gateway's own books, read from the disk after everything has stopped. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { chain } from '../../durable-objects/journal.ts'
import { unpackJson } from '../../src/domain/pack.ts'
import { apply, type Payment, type PaymentEvent } from '../../src/domain/payment.ts'
import { centers } from '../../src/local/gateway.ts'

export interface LaneBook {
  readonly center: string
  /** The payments as the lane keeps them. */
  readonly payments: ReadonlyMap<string, Payment>
  /** The payments as the journal alone makes them. */
  readonly replayed: ReadonlyMap<string, Payment>
  readonly events: readonly (readonly [paymentId: string, event: PaymentEvent])[]
  /** Whether every row's hash follows from the row before it. */
  readonly chained: boolean
}

/** Every lane of every center under the box's folder. */
export const laneBooks = (folder: string): LaneBook[] =>
  centers.flatMap(center => {
    const objects = join(folder, 'gateway/do', `opencpg-${center}-Lane`)
    return readdirSync(objects)
      .filter(name => /^[0-9a-f]{64}\.sqlite$/.test(name))
      .map(name => laneBook(center, join(objects, name)))
  })

function laneBook(center: string, file: string): LaneBook {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const rows = database.prepare('SELECT body, hash FROM journal ORDER BY last').all()
    const events = rows.flatMap(({ body }) => unpackJson<[string, PaymentEvent][]>(String(body)))
    const replayed = new Map<string, Payment>()
    for (const [id, event] of events) replayed.set(id, apply(replayed.get(id) ?? null, event))
    const kept = database.prepare('SELECT id, body FROM payment').all()
    const payments = new Map(
      kept.map(({ id, body }) => [String(id), unpackJson<Payment>(String(body))]),
    )
    let hash: Uint8Array = new Uint8Array(32)
    const chained = rows.every(row => {
      hash = chain(hash, String(row.body))
      return Buffer.compare(hash, row.hash as Uint8Array) === 0
    })
    return { center, payments, replayed, events, chained }
  } finally {
    database.close()
  }
}
