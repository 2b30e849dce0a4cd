/** Families of East Asia that travel as EMVCo merchant codes. */
import { at, family, must } from './row.ts'

export const eastAsia = [
  family({
    id: 'jpqr',
    name: 'JPQR',
    market: 'JP',
    currencies: ['JPY'],
    marks: [
      {
        tags: [26, 26],
        guid: 'JP.OR.PAYMENTSJAPAN',
        written: 'jp.or.paymentsjapan',
        fields: {
          level1: at('01', 'any', must),
          level2: at('02', 'any', must),
          level3: at('03', 'any', must),
          level4: at('04', 'any', must),
        },
      },
    ],
    key: { field: 'level1' },
    source: 'mercari/go-emv-code (Payments Japan JPQR)',
  }),
  family({
    id: 'hkfps',
    name: 'Hong Kong FPS',
    market: 'HK',
    currencies: ['HKD', 'CNY'],
    marks: [
      {
        tags: [26, 26],
        guid: 'HK.COM.HKICL',
        written: 'hk.com.hkicl',
        fields: {
          clearingCode: at('01', 'digits-3'),
          fpsId: at('02', 'any', { proxy: 'alias' }),
          mobile: at('03', 'hk-mobile', { proxy: 'mobile' }),
          email: at('04', 'email', { proxy: 'email' }),
          expires: at('05', 'digits-14'),
        },
      },
    ],
    key: { field: 'clearingCode' },
    rules: ['hkfps-expiry'],
    source: 'observed codes (HKMA common QR code standard)',
  }),
  family({
    id: 'bccard-kr',
    name: 'BC Card, Korea',
    market: 'KR',
    currencies: ['KRW'],
    marks: [
      {
        tags: [26, 26],
        guid: 'D4100000014010',
        fields: {
          merchantNumber: at('05', 'any', must),
          storeLabel: at('/62.03', 'any'),
          reference: at('/62.05', 'any'),
        },
      },
    ],
    source: 'BC Card API document',
  }),
  family({
    id: 'zeropay',
    name: 'ZeroPay',
    market: 'KR',
    currencies: ['KRW'],
    marks: [
      {
        tags: [26, 26],
        guid: 'COM.ZEROPAY',
        written: 'com.zeropay',
        fields: { merchantId: at('01', 'any', must) },
      },
    ],
    source: 'identifier seen in simulators only; a real code was not seen',
  }),
  family({
    id: 'qpay-mn',
    name: 'QPay, Mongolia',
    market: 'MN',
    currencies: ['MNT'],
    marks: [
      {
        tags: [27, 27],
        guid: 'A0000008430001',
        fields: { institution: at('01', 'bic', must), invoice: at('02', 'any', must) },
      },
      // The UnionPay field alone: both IINs are QPay's own.
      {
        tags: [15, 15],
        country: 'MN',
        bare: 'qpay-iin',
        fields: { account: at('', 'qpay-iin') },
      },
    ],
    key: { field: 'institution' },
    source: 'observed codes',
  }),
]
