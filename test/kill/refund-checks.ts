/** What must hold of refunds when all is over, each as the list of what breaks it. */
import type { Payment } from '../../src/domain/payment.ts'
import { acquirerOf } from '../../src/domain/quote.ts'
import { isEnded, refundedMinor } from '../../src/domain/refund.ts'
import type { Check } from './checks.ts'

const all = (payments: ReadonlyMap<string, Payment>) =>
  [...payments.values()].flatMap(payment =>
    (payment.refunds ?? []).map(refund => ({ payment, refund })),
  )

/** Neither what comes off the merchant's amount nor what the payer gets is more than there was. */
export const refundsFit: Check = ({ payments }) =>
  [...payments.values()].filter(payment => {
    const counted = (payment.refunds ?? []).filter(({ status }) => status !== 'FAILED')
    const back = counted.reduce((sum, { payer }) => sum + payer.minor, 0n)
    const { payer, payee } = payment.terms
    return refundedMinor(payment) > payee.minor || back > payer.minor
  })

export const refundAnswersHold: Check = ({ heard, payments }) => [
  ...heard.refunds.filter(view => {
    const kept = payments.get(view.paymentId)?.refunds?.find(({ id }) => id === view.refundId)
    if (kept === undefined || `${kept.payer.minor}` !== view.payer.minor) return true
    if (view.endedAt === null) return false
    return kept.status !== view.status || kept.endedAt !== Date.parse(view.endedAt)
  }),
  ...heard.noRefunds.filter(({ paymentId, requestId }) =>
    payments.get(paymentId)?.refunds?.some(refund => refund.requestId === requestId),
  ),
]

/** The wallet gave what the gateway says that it gave, once, and nothing else. */
export const walletsGaveThem: Check = ({ payments, members }) => {
  const rows = [...members.values()].flatMap(({ refunds }) => refunds)
  const given = new Map(rows.map(row => [row.refund_id, row]))
  const wrong = all(payments).filter(({ refund }) => {
    const row = given.get(refund.id)
    given.delete(refund.id)
    if (!isEnded(refund)) return true
    if (refund.status !== 'REFUNDED') return row !== undefined
    return row?.minor !== `${refund.payer.minor}` || row.reference !== refund.reference
  })
  return [...wrong, ...given.values()]
}

/** Acquirers that hear were told how each one ended, and nobody was told anything else. */
export const acquirersWereTold: Check = ({ payments, reports, deaf }) =>
  all(payments).filter(({ payment, refund }) => {
    const told = [...(reports.get(refund.id) ?? [])]
    if (told.length === 0) return !deaf.has(acquirerOf(payment.terms))
    return told.join() !== `refund.${refund.status.toLowerCase()}`
  })
