/** Wallets known by the numbers of their bar codes, and by their links. */
import { at, family } from './row.ts'

/** Prefixes of one length, or of a range of lengths. */
const starting = (prefixes: readonly string[], shortest: number, longest = shortest) =>
  prefixes.map(prefix => ({ prefix, lengths: [shortest, longest] as const }))

const japanese = (id: string, name: string, prefixes: readonly string[], length: number) =>
  family({
    id,
    name,
    kind: 'cpm-numeric',
    presentment: 'consumer',
    market: 'JP',
    currencies: ['JPY'],
    rank: 'wallet',
    numbers: starting(prefixes, length),
    source: 'ri25r.hatenablog.jp, survey of 2020-02-26',
  })

export const numbers = [
  family({
    id: 'wechatpay',
    name: 'Weixin Pay',
    rank: 'wallet',
    marks: [{ tags: [26, 51], guid: 'COM.QQ.WEIXIN.PAY', fields: { merchantId: at('01', 'any') } }],
    numbers: starting(['10', '11', '12', '13', '14', '15'], 18),
    // WeChat's own list of payment links.
    links: [
      { scheme: 'wxp', read: 'wechat', market: 'CN', currency: 'CNY' },
      { scheme: 'weixin', host: 'wxpay', read: 'wechat', market: 'CN', currency: 'CNY' },
      { scheme: 'https', host: 'wx.tenpay.com', read: 'token', market: 'CN', currency: 'CNY' },
      {
        scheme: 'https',
        host: 'payapp.weixin.qq.com',
        read: 'token',
        market: 'CN',
        currency: 'CNY',
      },
      {
        scheme: 'https',
        host: 'action.weixin.qq.com',
        read: 'token',
        market: 'CN',
        currency: 'CNY',
      },
    ],
    source: 'huangang/payqrcode; the payment links built into WeChat',
  }),
  family({
    id: 'alipayplus',
    name: 'Alipay+ partner wallet',
    rank: 'wallet',
    // Seen inside QRIS consumer codes of DANA; the table of partners is not public.
    numbers: starting(['281012'], 24),
    source: 'observed codes',
  }),
  family({
    id: 'alipay',
    name: 'Alipay',
    rank: 'wallet',
    marks: [
      {
        tags: [26, 51],
        guid: 'COM.ALIPAY',
        written: 'com.alipay',
        fields: { link: at('01', 'any') },
      },
      {
        tags: [26, 51],
        guid: 'COM.ALIPAY.OPENAPI',
        fields: { merchantId: at('01', 'any') },
      },
    ],
    numbers: starting(['25', '26', '27', '28', '29', '30'], 16, 24),
    links: [
      { scheme: 'https', host: 'qr.alipay.com', read: 'token', market: 'CN', currency: 'CNY' },
      { scheme: 'alipays', host: 'platformapi', read: 'alipay', market: 'CN', currency: 'CNY' },
    ],
    source: 'huangang/payqrcode; QFPay documents; SGQR and NepalPay labels',
  }),
  family({
    id: 'ecny',
    name: 'e-CNY',
    kind: 'cpm-numeric',
    presentment: 'consumer',
    market: 'CN',
    currencies: ['CNY'],
    numbers: starting(['01'], 19),
    source: 'observed till software',
  }),
  family({
    id: 'webank',
    name: 'WeBank',
    kind: 'cpm-numeric',
    presentment: 'consumer',
    market: 'CN',
    currencies: ['CNY'],
    rank: 'wallet',
    numbers: starting(['5678'], 19),
    source: 'chenliang0508/practice',
  }),
  japanese('paypay', 'PayPay', ['9000818188'], 20),
  japanese('linepay-jp', 'LINE Pay, Japan', ['9000000000'], 19),
  japanese('rakutenpay', 'Rakuten Pay', ['900001'], 16),
  japanese('d-barai', 'd Barai', ['90000002'], 18),
  japanese('merpay', 'Merpay', ['31589900'], 19),
  japanese('aupay', 'au PAY', ['31589921'], 19),
  japanese('yucho-pay', 'Yucho Pay', yucho(), 19),
  japanese('pring', 'pring', ['31589995'], 19),
]

/** 31 to 40 behind the prefix of the operator. */
function yucho(): string[] {
  return Array.from({ length: 10 }, (_, index) => `315899${31 + index}`)
}
