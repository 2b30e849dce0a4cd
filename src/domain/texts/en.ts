/** English. */
import type { Texts } from './situation.ts'

// biome-ignore format: a table is read by column
export const en: Texts = {
  paid:          ['Paid. Hand over the goods.', 'Payment successful.'],
  wait:          ['Not decided yet. Wait; do not hand over the goods.', 'Payment in progress. Please wait and do not pay again.'],
  confirm:       ['Ask the customer to confirm on the phone.', 'Please confirm the payment in your wallet.'],
  wait_long:     ['Waiting for the network. The result comes by tomorrow.', 'Your payment is being checked. You will hear by tomorrow; do not pay again.'],
  no_answer:     ['Not paid: no answer in time. Try again.', 'Payment failed: no answer in time. You were not charged; try again.'],
  user_no:       ['Not paid: the customer declined.', 'You declined the payment.'],
  no_funds:      ['Not paid. Ask for another way to pay.', 'Not enough money in your wallet.'],
  declined:      ['Not paid: declined. Ask for another way to pay.', 'Payment declined. Please ask your wallet or pay another way.'],
  order_closed:  ['This order is closed. Make a new code.', 'This order is closed. Ask the shop for a new code.'],
  order_paid:    ['This order is paid already.', 'This order has been paid already.'],
  merchant_off:  ['This shop cannot take this payment. Call your acquirer.', 'This shop cannot take this payment. Pay another way.'],
  cancelled:     ['The payment was cancelled.', 'The payment was cancelled. You get all your money back.'],
  refund_wait:   ['The refund is on its way.', 'Your refund is on its way.'],
  refunded:      ['Refunded.', 'Your money has been returned.'],
  refund_other:  ['The wallet returns the money another way.', 'Your account is closed. Your wallet will return the money another way.'],
  code_bad:      ['The code cannot be read. Show or scan it again.', 'This code cannot be read. Scan it again.'],
  code_expired:  ['The code has expired. Ask for a new one.', 'The code has expired. Please use a new one.'],
  code_used:     ['The code was used already. Ask for a new one.', 'This code was used already. Show a new one.'],
  not_served:    ['This code or wallet cannot be used here. Ask for another way to pay.', 'This code cannot be paid with your wallet. Pay another way.'],
  amount:        ['Check the amount and try again.', 'Please check the amount.'],
  limit:         ['The amount is above the limit. Ask for another way to pay.', 'The amount is above your limit.'],
  quote_expired: ['Not paid: too slow. Scan again.', 'The price has expired. Please scan again.'],
  try_again:     ['No connection just now. Try again.', 'No connection just now. Please try again.'],
  not_found:     ['There is no such payment.', 'There is no such payment.'],
  too_late:      ['Too late to cancel. Make a refund.', 'Too late to cancel. Ask the shop for a refund.'],
  refund_no:     ['This refund is not possible. Check amount and date.', 'This refund is not possible. Please ask the shop.'],
  technical:     ['Technical error. Call your acquirer.', 'Technical error. Please contact your wallet.'],
}
