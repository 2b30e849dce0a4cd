/** The cast of the network in a box: who takes part, where each is at home, and what hangs on the counters. */
import type { CodeRoute } from '../domain/directory.ts'
import type { Role, SignatureAlgorithm } from '../domain/institution.ts'
import type { ResponderCode } from '../domain/refusal.ts'
import { type PrintedFamily, printCode, type Shop } from './printing.ts'

interface CastEntry {
  readonly id: string
  /** Never used twice; goes into payment ids. */
  readonly number: number
  readonly name: string
  readonly role: Role
  /** ISO 3166-1 alpha-2. */
  readonly market: string
  /** ISO 4217; the first is its own. */
  readonly currencies: readonly [string, ...string[]]
  /** IANA zone in which its days begin. */
  readonly zone: string
  /** Home center. */
  readonly center: 'hk' | 'sg' | 'fra'
  readonly algorithm: SignatureAlgorithm
}

export interface WalletEntry extends CastEntry {
  readonly role: 'wallet'
  /** Its server listens on the box's member port plus this; its control port is `CONTROL_OFFSET` higher. */
  readonly portOffset: number
  /** Its consumer codes begin like this; the gateway issues them. */
  readonly codePrefix: string
  /** The family of the codes that it numbers itself, besides. */
  readonly ownCodes?: string
  /** Takes the money at once instead of holding it. */
  readonly profile?: 'debit'
}

export interface AcquirerEntry extends CastEntry {
  readonly role: 'scheme'
  readonly portOffset: number
  readonly family: PrintedFamily
  /** Decimal digits of its currency's minor unit. */
  readonly exponent: number
  /** Credits at once and cannot undo. */
  readonly profile?: 'single_phase'
  /** Is asked only about codes that do not say everything themselves. */
  readonly inquiry?: 'unsaid'
  readonly routes: readonly CodeRoute[]
  readonly merchants: readonly CastMerchant[]
}

export interface ProviderEntry extends CastEntry {
  readonly role: 'provider'
}

export interface CastMerchant extends Shop {
  /** The code on the counter: any amount. */
  readonly staticCode: string
  /** A code with this amount, as a till would show it; payable again and again, unlike a real sale. */
  readonly dynamicCode: string
  /** Major units. */
  readonly dynamicAmount: string
  /** The acquirer refuses every payment to this merchant with this code. */
  readonly refuses?: ResponderCode
}

/** A member's control port is its own port plus this. */
export const CONTROL_OFFSET = 100

export const wallets: readonly WalletEntry[] = [
  {
    id: 'wallet-cn',
    number: 101,
    name: 'Lotus Wallet',
    role: 'wallet',
    market: 'CN',
    currencies: ['CNY'],
    zone: 'Asia/Shanghai',
    center: 'hk',
    algorithm: 'ed25519',
    portOffset: 1,
    codePrefix: '997601',
    ownCodes: 'alipay',
  },
  {
    id: 'wallet-th',
    number: 102,
    name: 'Baan Pay',
    role: 'wallet',
    market: 'TH',
    currencies: ['THB'],
    zone: 'Asia/Bangkok',
    center: 'sg',
    algorithm: 'ed25519',
    portOffset: 2,
    codePrefix: '997602',
  },
  {
    id: 'wallet-my',
    number: 103,
    name: 'Wau Wallet',
    role: 'wallet',
    market: 'MY',
    currencies: ['MYR'],
    zone: 'Asia/Kuala_Lumpur',
    center: 'sg',
    algorithm: 'ecdsa-p256-sha256',
    portOffset: 3,
    codePrefix: '997603',
  },
  {
    id: 'wallet-vn',
    number: 104,
    name: 'Sen Pay',
    role: 'wallet',
    market: 'VN',
    currencies: ['VND'],
    zone: 'Asia/Ho_Chi_Minh',
    center: 'sg',
    algorithm: 'ed25519',
    portOffset: 4,
    codePrefix: '997604',
    profile: 'debit',
  },
  {
    id: 'wallet-de',
    number: 105,
    name: 'Linden Wallet',
    role: 'wallet',
    market: 'DE',
    currencies: ['EUR'],
    zone: 'Europe/Berlin',
    center: 'fra',
    algorithm: 'ecdsa-p256-sha256',
    portOffset: 5,
    codePrefix: '997605',
  },
]

/** The scheme owns every code of these families in its market. */
const owns = (institution: string, market: string, ...families: string[]): CodeRoute[] =>
  families.map(family => ({ family, market, key: '*', institution, rank: 1 }))

type Unprinted = Shop & { dynamicAmount: string; refuses?: ResponderCode }

const printed = (family: PrintedFamily, shops: readonly Unprinted[]): CastMerchant[] =>
  shops.map(shop => ({
    ...shop,
    staticCode: printCode(family, shop),
    dynamicCode: printCode(family, shop, {
      amount: shop.dynamicAmount,
      reference: `SAMPLE-${shop.account.slice(-4)}`,
    }),
  }))

// biome-ignore format: a merchant is a row
export const acquirers: readonly AcquirerEntry[] = [
  {
    id: 'acquirer-cn',
    number: 201,
    name: 'Great Wall Acquiring',
    role: 'scheme',
    market: 'CN',
    currencies: ['CNY'],
    zone: 'Asia/Shanghai',
    center: 'hk',
    algorithm: 'ed25519',
    portOffset: 11,
    family: 'unionpay',
    exponent: 2,
    routes: owns('acquirer-cn', 'CN', 'unionpay'),
    // Merchant ids as mainland acquirers give them: institution 3, area 4, category 4, serial 4.
    merchants: printed('unionpay', [
      { id: 'cn-tea', name: 'SANLITUN TEA HOUSE', city: 'BEIJING', mcc: '5814', account: '898110058140017', dynamicAmount: '68.00' },
      { id: 'cn-silk', name: 'YIWU MARKET STALL 88', city: 'YIWU', mcc: '5131', account: '898338751310088', dynamicAmount: '128.50' },
      { id: 'cn-rail', name: 'MAGLEV TICKET HALL', city: 'SHANGHAI', mcc: '4112', account: '898290041120003', dynamicAmount: '50.00' },
    ]),
  },
  {
    id: 'acquirer-th',
    number: 202,
    name: 'Siam Switch',
    role: 'scheme',
    market: 'TH',
    currencies: ['THB'],
    zone: 'Asia/Bangkok',
    center: 'sg',
    algorithm: 'ecdsa-p256-sha256',
    portOffset: 12,
    family: 'promptpay',
    exponent: 2,
    routes: owns('acquirer-th', 'TH', 'promptpay', 'promptpay-bill'),
    // Registered mobiles: 0066 and nine digits.
    merchants: printed('promptpay', [
      { id: 'th-padthai', name: 'Pad Thai Mae Nok', city: 'Bangkok', mcc: '5814', account: '0066812345678', dynamicAmount: '120.00' },
      { id: 'th-silver', name: 'Chiang Mai Silver', city: 'Chiang Mai', mcc: '5944', account: '0066898765432', dynamicAmount: '2450.00' },
    ]),
  },
  {
    id: 'acquirer-id',
    number: 203,
    name: 'Nusa Switching',
    role: 'scheme',
    market: 'ID',
    currencies: ['IDR'],
    zone: 'Asia/Jakarta',
    center: 'sg',
    algorithm: 'ed25519',
    portOffset: 13,
    family: 'qris',
    exponent: 2,
    profile: 'single_phase',
    routes: owns('acquirer-id', 'ID', 'qris'),
    // National merchant ids: ID and thirteen digits.
    merchants: printed('qris', [
      { id: 'id-sari', name: 'WARUNG SARI', city: 'DENPASAR', mcc: '5812', account: 'ID1023290455017', dynamicAmount: '85000.00' },
      { id: 'id-batik', name: 'BATIK MALIOBORO', city: 'YOGYAKARTA', mcc: '5651', account: 'ID1022186530042', dynamicAmount: '350000.00' },
      { id: 'id-tutup', name: 'TOKO TUTUP', city: 'JAKARTA', mcc: '5311', account: 'ID1021009988001', dynamicAmount: '10000.00', refuses: 'MERCHANT_NOT_QUALIFIED' },
    ]),
  },
  {
    id: 'acquirer-my',
    number: 204,
    name: 'Harimau Payments',
    role: 'scheme',
    market: 'MY',
    currencies: ['MYR'],
    zone: 'Asia/Kuala_Lumpur',
    center: 'sg',
    algorithm: 'ed25519',
    portOffset: 14,
    family: 'duitnow',
    exponent: 2,
    inquiry: 'unsaid',
    routes: owns('acquirer-my', 'MY', 'duitnow'),
    merchants: printed('duitnow', [
      { id: 'my-kopitiam', name: 'KOPITIAM JALAN ALOR', city: 'KUALA LUMPUR', mcc: '5814', account: 'MD00284512', dynamicAmount: '18.60' },
      { id: 'my-durian', name: 'DURIAN KING', city: 'PENANG', mcc: '5499', account: 'MD00319077', dynamicAmount: '88.00' },
    ]),
  },
  {
    id: 'acquirer-vn',
    number: 205,
    name: 'Hoan Kiem Switch',
    role: 'scheme',
    market: 'VN',
    currencies: ['VND'],
    zone: 'Asia/Ho_Chi_Minh',
    center: 'sg',
    algorithm: 'ecdsa-p256-sha256',
    portOffset: 15,
    family: 'vietqr',
    exponent: 0,
    routes: owns('acquirer-vn', 'VN', 'vietqr'),
    merchants: printed('vietqr', [
      { id: 'vn-pho', name: 'PHO GIA TRUYEN', city: 'HA NOI', mcc: '5812', account: '0011004123456', dynamicAmount: '65000' },
      { id: 'vn-lantern', name: 'HOI AN LANTERNS', city: 'HOI AN', mcc: '5947', account: '0651000778899', dynamicAmount: '240000' },
    ]),
  },
]

/** They only quote: their rates are rows of the directory and nobody calls them. */
export const providers: readonly ProviderEntry[] = [
  {
    id: 'fx-harbour',
    number: 301,
    name: 'Harbour FX',
    role: 'provider',
    market: 'HK',
    currencies: ['HKD'],
    zone: 'Asia/Hong_Kong',
    center: 'hk',
    algorithm: 'ed25519',
  },
  {
    id: 'fx-meridian',
    number: 302,
    name: 'Meridian FX',
    role: 'provider',
    market: 'SG',
    currencies: ['SGD'],
    zone: 'Asia/Singapore',
    center: 'sg',
    algorithm: 'ecdsa-p256-sha256',
  },
]
