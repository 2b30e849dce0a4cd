/** The journals at the end: whole chains, and payments that follow from their events and from nothing else (I9). */
import { createHash } from 'node:crypto'
import { Journal } from '../../../durable-objects/journal.ts'
import { sqlOf } from '../../../durable-objects/sql.ts'
import { packJson, unpackJson } from '../../../src/domain/pack.ts'
import { apply, dueAt, type Payment, type PaymentEvent } from '../../../src/domain/payment.ts'
import type { Barred } from '../../../src/domain/payment-event.ts'
import type { LaneHost } from '../platform/object.ts'
import type { World } from '../world.ts'

export function checkJournals(world: World) {
  for (const center of world.centers.values()) {
    for (const host of center.lanes.values()) checkJournal(host, world)
  }
}

function checkJournal(host: LaneHost, { ledger }: World) {
  const replayed = new Map<string, Payment>()
  let hash: Uint8Array = new Uint8Array(32)
  for (const row of host.disk.rows('SELECT last, body, hash FROM journal ORDER BY last')) {
    const body = String(row.body)
    hash = createHash('sha256').update(hash).update(body).digest()
    if (Buffer.compare(hash, row.hash as Uint8Array) !== 0) {
      return ledger.broken('chain', null, `${host.name}: the row up to ${row.last} is not chained`)
    }
    for (const [id, event] of unpackJson<[string, PaymentEvent | Barred][]>(body)) {
      if (event.type === 'barred') continue
      replayed.set(id, apply(replayed.get(id) ?? null, event))
    }
  }
  // As a lane has them that begins anew: what waits may be in the journal alone.
  const journal = new Journal(sqlOf(host.disk.storage as never))
  for (const [id, payment] of replayed) {
    const kept = journal.load(id)
    if (kept === null || packJson(kept) !== packJson(payment)) {
      ledger.broken('I9', id, 'its lane has another payment than its journal makes')
    }
  }
  const stored = host.disk.rows('SELECT id, due, body FROM payment')
  for (const { id, due, body } of stored) {
    const payment = replayed.get(String(id))
    if (payment === undefined) ledger.broken('I9', String(id), 'no journal made it')
    else if (dueAt(payment) === null && (due !== null || packJson(payment) !== body)) {
      ledger.broken('I9', String(id), 'it rests and is not stored as it is')
    }
  }
  const waiting = journal.waiting({ due: 0, id: '' }, replayed.size)
  const timed = [...replayed.values()].filter(payment => dueAt(payment) !== null)
  if (waiting.length !== timed.length) {
    ledger.broken(
      'I3',
      null,
      `${host.name} has ${timed.length} timers and waits for ${waiting.length}`,
    )
  }
}
