/** The journals at the end: whole chains, and payments that follow from their events and from nothing else (I9). */
import { createHash } from 'node:crypto'
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
  const kept = host.disk.rows('SELECT id, due, body FROM payment')
  if (kept.length !== replayed.size) {
    ledger.broken(
      'I9',
      null,
      `${host.name} keeps ${kept.length} payments, its journal makes ${replayed.size}`,
    )
  }
  for (const { id, due, body } of kept) {
    const payment = replayed.get(String(id))
    if (payment === undefined || packJson(payment) !== body) {
      ledger.broken('I9', String(id), 'replaying its journal gives another payment')
    } else if (dueAt(payment) !== due)
      ledger.broken('I3', String(id), `its timer is kept as ${due}`)
  }
}
