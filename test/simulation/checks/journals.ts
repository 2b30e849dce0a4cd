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
  // One that nobody has reached yet.
  if (!host.disk.has('journal')) return
  const replayed = new Map<string, Payment>()
  const [mark] = host.disk.rows("SELECT value FROM mark WHERE name = 'saved'")
  /** Whatever a lane that begins anew makes from the end of its journal. */
  const recent = new Set<string>()
  let hash: Uint8Array = new Uint8Array(32)
  for (const row of host.disk.rows('SELECT last, body, hash FROM journal ORDER BY last')) {
    const body = String(row.body)
    hash = createHash('sha256').update(hash).update(body).digest()
    if (Buffer.compare(hash, row.hash as Uint8Array) !== 0) {
      return ledger.broken('chain', null, `${host.name}: the row up to ${row.last} is not chained`)
    }
    for (const [id, event] of unpackJson<[string, PaymentEvent | Barred][]>(body)) {
      if (event.type === 'barred') continue
      if (Number(row.last) > Number(mark?.value)) recent.add(id)
      replayed.set(id, apply(replayed.get(id) ?? null, event))
    }
  }
  // As a lane has them that begins anew: what waits, or has changed lately, may be in the journal alone.
  const journal = new Journal(sqlOf(host.disk.storage as never))
  const stored = new Map(
    host.disk.rows('SELECT id, due, body FROM payment').map(row => [String(row.id), row]),
  )
  for (const id of stored.keys()) {
    if (!replayed.has(id)) ledger.broken('I9', id, 'no journal made it')
  }
  for (const [id, payment] of replayed) {
    const [row, text] = [stored.get(id), packJson(payment)]
    const rests = dueAt(payment) === null
    if (rests && (row === undefined || row.due !== null || row.body !== text)) {
      ledger.broken('I9', id, 'it rests and is not stored as it is')
    }
    if (rests && !recent.has(id)) continue
    const kept = journal.load(id)
    if (kept === null || packJson(kept) !== text) {
      ledger.broken('I9', id, 'its lane has another payment than its journal makes')
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
