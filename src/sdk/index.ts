/** The SDK: what a wallet's or an acquirer's integration team imports. */

export { type Language, type ResultText, textOf } from '../domain/result-text.ts'
export { makeKeyPair, type SigningKey, type StoredKeyPair, signingKey } from '../trust/keys.ts'
export { verifyWebhook } from '../trust/webhook.ts'
export { type Client, type ClientOptions, createClient, type PaymentFilter } from './client.ts'
export {
  AnswerUntrusted,
  GatewayRefusal,
  GatewayUnreachable,
  QuoteChanged,
  QuoteGone,
} from './errors.ts'
export { type Fetch, type GatewayKeys, type KeySource, publishedKeys } from './gateway-keys.ts'
export {
  checkPayment,
  checkReceipt,
  type ExpectedPayment,
  type NoticeCheck,
  type ReceiptCheck,
  verifyNotice,
} from './receipt.ts'
export {
  createReceiver,
  type Handlers,
  type Question,
  questionAt,
  type ReceiverOptions,
} from './receiver.ts'
export type { Renewal, Renewed } from './renewal.ts'
