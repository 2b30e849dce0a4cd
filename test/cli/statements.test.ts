/** Which events rest on somebody's word, so that a missing signature is a finding, and which are the gateway's own. */
import { expect, it } from 'vitest'
import { statementOf } from '../../src/cli/verify/statements.ts'
import { apply, type Payment, type PaymentEvent } from '../../src/domain/payment.ts'
import type { ResultCode } from '../../src/domain/refusal.ts'
import { terms } from '../domain/terms.ts'

const id = terms.paymentId
const opened: PaymentEvent = {
  type: 'opened',
  at: 1_000,
  terms,
  bodyHash: '00',
  hold: { reference: 'h', key: 'k' },
}
const payment: Payment = apply(null, opened)

it.each<[ResultCode, 'its responder' | 'nobody']>([
  ['DECLINED', 'its responder'],
  ['INSUFFICIENT_FUNDS', 'its responder'],
  ['DEADLINE_EXCEEDED', 'nobody'],
  ['CANCELLED', 'nobody'],
  ['LIMIT_PERSON', 'nobody'],
  ['LIMIT_ID_REQUIRED', 'nobody'],
  ['ALLOWANCE_UNKNOWN', 'nobody'],
])('an abort for %s was stated by %s', (resultCode, whom) => {
  const event: PaymentEvent = { type: 'aborted', at: 2_000, resultCode }
  const statement = statementOf({ seq: 2, id, event, payment } as never)
  expect(statement?.institution).toBe(whom === 'nobody' ? undefined : terms.responder)
})
