/** Families of EMVCo consumer codes, by application identifier. */
import { family } from './row.ts'

/** An identifier written as ASCII, as tickets do. */
const asciiHex = (text: string): string =>
  [...text]
    .map(character => character.charCodeAt(0).toString(16))
    .join('')
    .toUpperCase()

export const consumer = [
  family({
    id: 'qris-cpm',
    name: 'QRIS, shown by the consumer',
    kind: 'cpm-emv',
    presentment: 'consumer',
    market: 'ID',
    currencies: ['IDR'],
    aids: ['A0000006022020'],
    key: { field: 'pan', take: 8 },
    source: 'astrapay/spring-qris',
  }),
  family({
    id: 'duitnow-cpm',
    name: 'DuitNow QR, shown by the consumer',
    kind: 'cpm-emv',
    presentment: 'consumer',
    market: 'MY',
    currencies: ['MYR'],
    aids: ['A0000006150001'],
    key: { field: 'pan', take: 6 },
    source: 'observed codes',
  }),
  family({
    id: 'unionpay-cpm',
    name: 'UnionPay, shown by the consumer',
    kind: 'cpm-emv',
    presentment: 'consumer',
    aids: ['A000000333'],
    rank: 'network',
    key: { field: 'pan', take: 6 },
    source: 'observed codes; 0101 debit, 0102 credit',
  }),
  family({
    id: 'gcash-transit',
    name: 'GCash transit ticket',
    kind: 'cpm-emv',
    presentment: 'consumer',
    market: 'PH',
    payable: false,
    aids: [asciiHex('GCASH')],
    source: 'observed codes; a ticket, not a payment',
  }),
  family({
    id: 'qcat-transit',
    name: 'QCAT transit ticket',
    kind: 'cpm-emv',
    presentment: 'consumer',
    payable: false,
    aids: [asciiHex('QCAT01')],
    source: 'observed codes; a ticket, not a payment',
  }),
  family({
    id: 'emv-cpm',
    name: 'EMVCo consumer code of another scheme',
    kind: 'cpm-emv',
    presentment: 'consumer',
    rank: 'generic',
    key: { field: 'pan', take: 8 },
    source: 'EMVCo CPM 1.1',
  }),
]
