/** Families of South and Central Asia. */
import { at, family, must } from './row.ts'

export const southAsia = [
  family({
    id: 'bharatqr',
    name: 'Bharat QR',
    market: 'IN',
    currencies: ['INR'],
    marks: [
      {
        tags: [26, 26],
        guid: 'A000000524',
        fields: {
          vpa: at('01', 'address', { proxy: 'alias', ...must }),
          minimumAmount: at('02', 'any'),
          terminalId: at('/62.07', 'any'),
        },
      },
      { tags: [6, 7], country: 'IN', bare: 'rupay', fields: { rupayPan: at('', 'rupay') } },
      { tags: [8, 8], country: 'IN', bare: 'ifsc', fields: { ifscAccount: at('', 'ifsc') } },
    ],
    key: { field: 'vpa', after: '@' },
    source: 'Bharat QR 4.0.1 notes; observed codes',
  }),
  family({
    id: 'banglaqr',
    name: 'Bangla QR',
    market: 'BD',
    currencies: ['BDT'],
    marks: [
      {
        tags: [26, 51],
        country: 'BD',
        when: { '00': 'any' },
        fields: {
          provider: at('00', 'any', must),
          kind: at('01', 'digits'),
          bank: at('02', 'digits'),
          merchantPan: at('03', 'digits'),
          merchantId: at('05', 'any'),
        },
      },
    ],
    key: { field: 'provider' },
    source: 'observed codes; meaning of 01 and 02 inferred',
  }),
  family({
    id: 'raast',
    name: 'Raast',
    market: 'PK',
    currencies: ['PKR'],
    marks: [
      { tags: [28, 28], country: 'PK', fields: raast() },
      {
        tags: [26, 26],
        guid: 'PK.RAAST',
        written: 'pk.raast',
        fields: { mobile: at('01', 'mobile', { proxy: 'mobile', ...must }) },
      },
      { tags: [26, 51], country: 'PK', when: { '02': 'pk-iban' }, fields: raast() },
      {
        tags: [26, 51],
        country: 'PK',
        when: { '01': 'pk-iban' },
        fields: { iban: at('01', 'pk-iban', { proxy: 'iban' }) },
      },
    ],
    key: { field: 'issuer' },
    source: 'observed codes; the identifier in 00 differs per bank',
  }),
  family({
    id: 'lankaqr',
    name: 'LankaQR',
    market: 'LK',
    currencies: ['LKR'],
    marks: [
      {
        tags: [26, 26],
        country: 'LK',
        fields: { merchantBlock: at('00', 'digits-28', must), reference: at('/62.05', 'any') },
      },
    ],
    key: { field: 'merchantBlock' },
    source: 'observed codes; the split of the 28 digits is not known',
  }),
  family({
    id: 'nepalpay',
    name: 'NepalPay QR',
    market: 'NP',
    currencies: ['NPR'],
    marks: [
      {
        tags: [26, 29],
        guid: 'C81D4E2EBCF211E6869B7DF92533D2DB',
        written: 'c81d4e2ebcf211e6869b7df92533d2db',
        fields: {},
      },
      {
        tags: [29, 29],
        country: 'NP',
        when: { '00': 'nchl' },
        fields: { merchantId: at('00', 'nchl') },
      },
    ],
    key: { field: 'merchantId' },
    source: 'observed codes (NCHL)',
  }),
  family({
    id: 'fonepay',
    name: 'Fonepay',
    market: 'NP',
    currencies: ['NPR'],
    marks: [
      { tags: [26, 26], guid: 'FONEPAY.COM', written: 'fonepay.com', fields: fonepay('07') },
      { tags: [26, 26], guid: 'FONEPAY.COM.NP', written: 'fonepay.com.np', fields: fonepay('01') },
    ],
    source: 'observed codes',
  }),
  family({
    id: 'uz-qr-online',
    name: 'QR-online, Uzbekistan',
    market: 'UZ',
    currencies: ['UZS'],
    marks: [
      {
        tags: [40, 40],
        guid: 'QR-ONLINE.UZ',
        written: 'qr-online.uz',
        fields: {
          merchantId: at('01', 'any', must),
          kind: at('02', 'any'),
          phone: at('/80.03', 'any'),
          email: at('/80.07', 'any'),
        },
      },
    ],
    source: 'observed codes',
  }),
  family({
    id: 'bakai-kg',
    name: 'Bakai, Kyrgyzstan',
    market: 'KG',
    currencies: ['KGS'],
    marks: [
      {
        tags: [26, 51],
        guid: 'BAKAI.APP',
        written: 'bakai.app',
        fields: { account: at('01', 'any', must) },
      },
    ],
    source: 'synthetic evidence only (ELQR of Kyrgyzstan)',
  }),
]

function raast() {
  return {
    issuer: at('01', 'bic', must),
    iban: at('02', 'pk-iban', { proxy: 'iban' as const, ...must }),
  }
}

function fonepay(merchantPan: string) {
  return { merchantPan: at(merchantPan, 'any', must) }
}
