/** Families of Africa and of Türkiye that travel as EMVCo merchant codes. */
import { at, family, must } from './row.ts'

export const africaEurope = [
  family({
    id: 'tanqr',
    name: 'TANQR',
    market: 'TZ',
    currencies: ['TZS'],
    marks: [
      {
        tags: [26, 26],
        guid: 'TZ.GO.BOT.TIPS',
        written: 'tz.go.bot.tips',
        fields: {
          acquirer: at('01', 'digits-5', must),
          alias: at('02', 'digits-8', { proxy: 'alias', ...must }),
        },
      },
    ],
    key: { field: 'acquirer' },
    source: 'Bank of Tanzania sample',
  }),
  family({
    id: 'ke-qr',
    name: 'Kenya QR',
    market: 'KE',
    currencies: ['KES'],
    // The sub-id is the number of the payment provider (68 is Equity) and its value the till or
    // paybill.
    marks: [
      {
        tags: [29, 29],
        guid: 'KE.GO.QR',
        written: 'ke.go.qr',
        fields: { mobile: at('01', 'any', { proxy: 'mobile' }) },
      },
    ],
    rules: ['ke-provider'],
    key: { field: 'provider' },
    source: 'observed codes (Central Bank of Kenya QR standard)',
  }),
  family({
    id: 'nqr',
    name: 'NQR (NIBSS)',
    market: 'NG',
    currencies: ['NGN'],
    marks: [
      { tags: [26, 26], guid: 'NG.COM.NIBSS-PLC.QR', fields: nqr() },
      { tags: [26, 26], guid: 'NG.COM.NIBSSPLC.QR', fields: nqr() },
    ],
    key: { field: 'order', take: 6 },
    source: 'observed codes; 02 begins with the institution',
  }),
  family({
    id: 'paycashless-ng',
    name: 'Paycashless',
    market: 'NG',
    currencies: ['NGN'],
    rank: 'wallet',
    marks: [
      {
        tags: [36, 36],
        guid: 'ORG.PAYCASHLESS.QPI',
        written: 'org.paycashless.qpi',
        fields: { merchantId: at('02', 'any', must), institution: at('04', 'any', must) },
      },
    ],
    key: { field: 'institution' },
    source: 'Paycashless QPI documents',
  }),
  family({
    id: 'ghqr',
    name: 'GhQR',
    market: 'GH',
    currencies: ['GHS'],
    marks: [
      {
        tags: [32, 32],
        guid: 'GH.NET.GHIPSS.GHQR',
        fields: {
          merchantId: at('01', 'any', must),
          institution: at('02', 'any', must),
          kind: at('03', 'any'),
          expires: at('04', 'any'),
        },
      },
    ],
    key: { field: 'institution' },
    rules: ['ghqr-expiry'],
    source: 'GhIPSS GhQR examples',
  }),
  family({
    id: 'tr-karekod',
    name: 'TR Karekod (FAST)',
    market: 'TR',
    currencies: ['TRY'],
    marks: [
      {
        tags: [26, 26],
        guid: 'TR.COM.BKM',
        fields: {
          flow: at('06', 'any', must),
          reference: at('08', 'any', must),
          generator: at('09', 'any', must),
          secure: at('10', 'any'),
          kind: at('11', 'any'),
        },
      },
    ],
    key: { field: 'generator' },
    rules: ['amount-unit'],
    source: 'TCMB TR Karekod examples; the unit of the 12-digit amount is not verified',
  }),
]

function nqr() {
  return { subMerchant: at('01', 'any', must), order: at('02', 'any', must) }
}
