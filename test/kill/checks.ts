/** What must hold when all is over, each as the list of what breaks it. */
import type { Payment } from '../../src/domain/payment.ts'
import { type Evidence, eventsOf } from './evidence.ts'

export type Check = (evidence: Evidence) => readonly unknown[]

const all = ({ payments }: Evidence): Payment[] => [...payments.values()]

/** Of what was told only this may have come later: a committed payment was taken back. */
export const answersHold: Check = ({ heard, payments }) =>
  heard.payments.filter(view => {
    const kept = payments.get(view.paymentId)
    if (kept === undefined) return true
    const { status, decidedAt, terms } = kept
    if (`${terms.payer.minor}` !== view.payer.minor) return true
    if (view.result === 'U') return false
    const stands = status === view.status || (view.status === 'committed' && status === 'reversed')
    return !stands || decidedAt !== Date.parse(view.decidedAt ?? '')
  })

export const nothingIsNothing: Check = evidence => {
  const committed = new Set(
    all(evidence)
      .filter(({ status }) => status === 'committed')
      .map(({ terms }) => `${terms.requester} ${terms.requestId}`),
  )
  return evidence.heard.nothing.filter(({ by, requestId }) => committed.has(`${by} ${requestId}`))
}

/** Every payment is committed or aborted once, and reversed at most once. */
export const decidedOnce: Check = ({ entries, payments }) => {
  const decisions = new Map<string, string>()
  for (const { paymentId, event } of entries) {
    if (!['committed', 'aborted', 'reversed'].includes(event.type)) continue
    const before = decisions.get(paymentId)
    decisions.set(paymentId, before === undefined ? event.type : `${before} ${event.type}`)
  }
  const lives = ['committed', 'aborted', 'committed reversed']
  return [...payments.keys()]
    .map(id => [id, decisions.get(id) ?? 'undecided'] as const)
    .filter(([, life]) => !lives.includes(life))
}

/** By what the tills tried, and by the wallets' codebooks. */
export const codesUsedOnce: Check = evidence => {
  const charges = all(evidence).filter(({ terms }) => terms.presentment === 'cpm')
  const requests = new Set(charges.map(({ terms }) => terms.requestId))
  const twice = [...evidence.heard.tries].filter(
    ([, tries]) => tries.filter(requestId => requests.has(requestId)).length > 1,
  )
  const codesOf = Map.groupBy(evidence.codes, ({ paymentId }) => paymentId)
  return [...twice, ...charges.filter(({ terms }) => codesOf.get(terms.paymentId)?.length !== 1)]
}

export const ordersPaidOnce: Check = evidence => {
  const paid = Map.groupBy(
    all(evidence).filter(({ status }) => status === 'committed'),
    ({ terms }) => terms.order,
  )
  return [...evidence.members.values()]
    .flatMap(({ sales }) => sales)
    .filter(({ reference, paid_by }) => {
      const payments = paid.get(reference ?? '') ?? []
      return payments.some(({ terms }) => terms.paymentId !== paid_by)
    })
}

/** A duty is acknowledged in the journal, replaced by those of a reversal, or armed because its owner is deaf. */
export const dutiesKept: Check = evidence => {
  const done = new Set(
    evidence.entries.flatMap(({ paymentId, event }) =>
      event.type === 'duty_done' ? [paymentId, event.duty, event.owner, event.about].join() : [],
    ),
  )
  return all(evidence).flatMap(({ terms, status, duties }) =>
    duties.filter(({ kind, owner, about, nextAt }) => {
      if (nextAt !== null) return !evidence.deaf.has(owner)
      const replaced = status === 'reversed' && ['capture', 'deliver_receipt'].includes(kind)
      return !replaced && !done.has([terms.paymentId, kind, owner, about].join())
    }),
  )
}

/** The chain, and every payment and timer, made anew from the journal. */
export const lanesVerify: Check = ({ lanes }) => lanes.flatMap(({ faults }) => faults)

/** What is not projected yet is only that a deaf member was told of something once more. */
export const projectionIsWhole: Check = ({ payments, projected, entries }) => {
  const events = Map.groupBy(entries, ({ paymentId }) => paymentId)
  return [...payments].filter(([id, { version }]) => {
    const shown = projected.get(id)?.version ?? 0
    const behind = events.get(id)?.slice(shown) ?? []
    return shown === 0 || shown > version || behind.some(({ event }) => event.type !== 'duty_told')
  })
}

export const eventsReadOnce: Check = evidence =>
  [...evidence.read].flatMap(([member, ids]) => {
    const missing = new Set(eventsOf(evidence, member))
    const odd = ids.filter(id => !missing.delete(id))
    return [
      ...odd.map(id => [member, 'twice or never made', id]),
      ...[...missing].map(id => [member, 'missing', id]),
    ]
  })
