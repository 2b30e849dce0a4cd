/** The projections at the end: every payment as its lane has it, every public event once for either party. */
import { publicTypes } from '../../../src/db/projection.ts'
import { unpackJson } from '../../../src/domain/pack.ts'
import type { PaymentEvent } from '../../../src/domain/payment.ts'
import type { Center } from '../platform/center.ts'
import type { World } from '../world.ts'
import type { Durable } from './ledger.ts'

export function checkProjections(world: World) {
  for (const center of world.centers.values()) {
    checkPayments(center, world)
    checkFeed(center, world)
  }
}

function checkPayments({ projection, lanes }: Center, { ledger }: World) {
  const stored = new Map(
    projection.sqlite
      .prepare('SELECT id, version, status FROM payments')
      .all()
      .map(row => [String(row.id), row]),
  )
  for (const payment of ledger.payments.values()) {
    if (lanes.get(payment.host.name) !== payment.host) continue
    const row = stored.get(payment.paymentId)
    if (row?.version !== payment.version) {
      const says = `version ${row?.version} is projected of ${payment.version}`
      ledger.broken('projected', payment.paymentId, says)
    } else if (payment.decision !== null && row.status !== statusOf(payment)) {
      ledger.broken('projected', payment.paymentId, `it is projected as ${row.status}`)
    }
  }
}

const statusOf = ({ decision, reversed }: Durable) => (reversed ? 'reversed' : decision)

function checkFeed({ projection, lanes }: Center, { ledger }: World) {
  const told = new Map<string, number>()
  const feed = projection.sqlite.prepare('SELECT institution, lane, events FROM feed').all()
  for (const { institution, lane, events } of feed) {
    for (const [seq, type, , id] of JSON.parse(String(events)) as [
      number,
      string,
      number,
      string,
    ][]) {
      const key = `${institution} ${lane}:${seq} ${type} ${id}`
      told.set(key, (told.get(key) ?? 0) + 1)
    }
  }
  for (const [name, host] of lanes) {
    if (!host.disk.has('journal')) continue
    for (const { last, body } of host.disk.rows('SELECT last, body FROM journal')) {
      const events = unpackJson<[string, PaymentEvent][]>(String(body))
      events.forEach(([id, { type }], place) => {
        const known = (publicTypes as Record<string, string>)[type]
        const payment = ledger.payments.get(id)
        if (known === undefined || payment === undefined) return
        const seq = Number(last) - events.length + 1 + place
        for (const party of [payment.requester, payment.responder]) {
          const key = `${party} ${name}:${seq} ${known} ${id}`
          const times = told.get(key) ?? 0
          if (times !== 1)
            ledger.broken('projected', id, `"${known}" is ${times} times in the feed of ${party}`)
          told.delete(key)
        }
      })
    }
  }
  for (const key of told.keys())
    ledger.broken('projected', null, `the feed has "${key}" of no journal`)
}
