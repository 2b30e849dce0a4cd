/** What of a payment counts against its payer's allowance. */
import type { Payment } from './payment.ts'

type Counted = Pick<Payment, 'allowance' | 'status'>

/**
 * US cents. It only ever sinks, to nothing where nothing came of the payment or it was reversed before it was cleared. A
 * refund gives nothing back: the rule counts what was paid, and the money may come back in another year.
 */
export function allowanceLeft({ allowance, status }: Counted): bigint {
  const came = status !== 'aborted' && status !== 'reversed'
  return allowance !== undefined && came ? allowance.minor : 0n
}
