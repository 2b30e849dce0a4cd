/**
 * Card networks, which own fixed ids (EMVCo MPM 1.1, table 4.1), and the code of no known scheme.
 */
import { at, type Family, family, must } from './row.ts'

const network = (id: string, name: string, first: number, last: number): Family =>
  family({
    id,
    name,
    rank: 'network',
    marks: [{ tags: [first, last], bare: 'any', fields: { merchantAccount: at('', 'any', must) } }],
    key: { field: 'merchantAccount', take: 6 },
    source: 'EMVCo MPM 1.1, table 4.1',
  })

export const networks = [
  network('visa', 'Visa', 2, 3),
  network('mastercard', 'Mastercard', 4, 5),
  network('discover', 'Discover', 9, 10),
  network('amex', 'American Express', 11, 12),
  network('jcb', 'JCB', 13, 14),
  family({
    id: 'unionpay',
    name: 'UnionPay',
    rank: 'network',
    marks: [
      {
        tags: [15, 16],
        bare: 'unionpay',
        fields: { merchantAccount: at('', 'unionpay', must) },
      },
    ],
    key: { field: 'merchantAccount', take: 8 },
    numbers: [{ prefix: '62', lengths: [19, 19] }],
    links: [
      { scheme: 'https', host: 'qr.95516.com', read: 'unionpay', market: 'CN', currency: 'CNY' },
    ],
    source: 'layout inferred from codes of six markets; qr.95516.com paths observed',
  }),
  family({
    id: 'emv-generic',
    name: 'EMVCo merchant code of an unknown scheme',
    rank: 'generic',
    marks: [],
    source: 'EMVCo MPM 1.1',
  }),
]
