/** How each simulated scheme prints a merchant's code: one entry per family, in the order real codes have. */
import { field, readFields, sealed } from './emv.ts'

export type PrintedFamily = 'unionpay' | 'promptpay' | 'qris' | 'vietqr' | 'duitnow'

export interface Shop {
  /** The acquirer's id of the merchant. */
  readonly id: string
  /** At most 25 printable ASCII characters. */
  readonly name: string
  /** At most 15. */
  readonly city: string
  /** ISO 18245, four digits. */
  readonly mcc: string
  /** What the code carries to name the merchant, in the form of its family. */
  readonly account: string
}

/** What a till adds to a merchant's code for one sale. */
export interface Sale {
  /** Major units as the scheme writes them, e.g. `128.00`. */
  readonly amount: string
  /** The till's reference of the sale, at most 25 of A-Z a-z 0-9 and hyphen. */
  readonly reference: string
}

interface Scheme {
  /** ISO 4217 numeric. */
  readonly currency: string
  readonly country: string
  /** The fields that name the merchant. */
  readonly accounts: (shop: Shop) => string
  /** Where the merchant's account stands in the code: root id, then ids of templates. */
  readonly accountAt: readonly string[]
  /** DuitNow writes 02. */
  readonly format?: string
  /** PromptPay codes name an account and no merchant. */
  readonly nameless?: true
}

/** UnionPay: each IIN ends in `0` and the country's ISO 3166 number. */
const UNIONPAY_ACQUIRER = '03080156'
const UNIONPAY_FORWARDER = '00010156'
/** First eight digits of a QRIS merchant PAN: 9360 and the acquirer's national number. */
const QRIS_ACQUIRER = '93600899'
const VIETQR_BANK = '970436'
const DUITNOW_ACQUIRER = '564169'

const schemes: Readonly<Record<PrintedFamily, Scheme>> = {
  unionpay: {
    currency: '156',
    country: 'CN',
    accounts: ({ account }) => field('15', UNIONPAY_ACQUIRER + UNIONPAY_FORWARDER + account),
    accountAt: ['15'],
  },
  promptpay: {
    currency: '764',
    country: 'TH',
    accounts: ({ account }) => field('29', field('00', 'A000000677010111') + field('01', account)),
    accountAt: ['29', '01'],
    nameless: true,
  },
  qris: {
    currency: '360',
    country: 'ID',
    accounts: ({ id, account }) =>
      field(
        '26',
        field('00', 'ID.CO.NUSAPAY.WWW') +
          field('01', QRIS_ACQUIRER + account.slice(-10)) +
          field('02', id) +
          field('03', 'UMI'),
      ) + field('51', field('00', 'ID.CO.QRIS.WWW') + field('02', account) + field('03', 'UMI')),
    accountAt: ['51', '02'],
  },
  vietqr: {
    currency: '704',
    country: 'VN',
    accounts: ({ account }) =>
      field(
        '38',
        field('00', 'A000000727') +
          field('01', field('00', VIETQR_BANK) + field('01', account)) +
          field('02', 'QRIBFTTA'),
      ),
    accountAt: ['38', '01', '01'],
  },
  duitnow: {
    currency: '458',
    country: 'MY',
    accounts: ({ account }) =>
      field(
        '26',
        field('00', 'A0000006150001') + field('01', DUITNOW_ACQUIRER) + field('02', account),
      ),
    accountAt: ['26', '02'],
    format: '02',
  },
}

/** The code on the counter, or with a sale the code on the till's screen. */
export function printCode(family: PrintedFamily, shop: Shop, sale?: Sale): string {
  const { currency, country, accounts, format = '01', nameless = false } = schemes[family]
  const fields = [
    field('00', format),
    field('01', sale === undefined ? '11' : '12'),
    accounts(shop),
    nameless ? '' : field('52', shop.mcc),
    field('53', currency),
    sale === undefined ? '' : field('54', sale.amount),
    field('58', country),
    nameless ? '' : field('59', shop.name) + field('60', shop.city),
    sale === undefined ? '' : field('62', field('05', sale.reference)),
  ]
  return sealed(fields.join(''))
}

/** What a member reads in a code that is shown to it. */
export interface ReadCode {
  /** Null where the code does not have its family's usual form. */
  readonly account: string | null
  readonly dynamic: boolean
  readonly amount: string | null
  readonly reference: string | null
  readonly name: string | null
  readonly city: string | null
  readonly mcc: string | null
}

/** Null where the payload is no EMVCo code at all. */
export function readCode(family: PrintedFamily, payload: string): ReadCode | null {
  const root = readFields(payload)
  if (root === null) return null
  const at = (id: string) => root.get(id) ?? null
  const account = inside(payload, schemes[family].accountAt)
  const extra = readFields(at('62') ?? '')
  return {
    account: family === 'unionpay' ? (account?.slice(16) ?? null) : account,
    dynamic: at('01') === '12',
    amount: at('54'),
    reference: extra?.get('05') ?? extra?.get('01') ?? null,
    name: at('59'),
    city: at('60'),
    mcc: at('52'),
  }
}

const inside = (text: string, path: readonly string[]): string | null =>
  path.reduce<string | null>(
    (value, id) => (value === null ? null : (readFields(value)?.get(id) ?? null)),
    text,
  )
