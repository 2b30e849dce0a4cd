/** Families of Southeast Asia. */
import { at, family, must } from './row.ts'

export const southeastAsia = [
  family({
    id: 'promptpay',
    name: 'PromptPay transfer',
    market: 'TH',
    currencies: ['THB'],
    anonymous: true,
    marks: [
      {
        tags: [29, 29],
        guid: 'A000000677010111',
        fields: {
          mobile: at('01', 'thai-mobile', { proxy: 'mobile' }),
          nationalId: at('02', 'digits-13', { proxy: 'national-id' }),
          eWallet: at('03', 'digits-15', { proxy: 'e-wallet' }),
          bankAccount: at('04', 'digits', { proxy: 'account' }),
        },
      },
      {
        tags: [29, 29],
        guid: 'A000000677010114',
        presentment: 'consumer',
        fields: {
          mobile: at('01', 'thai-mobile', { proxy: 'mobile' }),
          nationalId: at('02', 'digits-13', { proxy: 'national-id' }),
          eWallet: at('03', 'digits-15', { proxy: 'e-wallet' }),
          bankAccount: at('04', 'digits', { proxy: 'account' }),
          oneTimeToken: at('05', 'any'),
        },
      },
    ],
    source: 'dtinth/promptpay-qr; saladpuk/PromptPay (Bank of Thailand Thai QR standard)',
  }),
  family({
    id: 'promptpay-bill',
    name: 'PromptPay bill payment',
    market: 'TH',
    currencies: ['THB'],
    anonymous: true,
    marks: [
      {
        tags: [30, 30],
        guid: 'A000000677010112',
        fields: {
          biller: at('01', 'digits-15', { proxy: 'biller', ...must }),
          reference1: at('02', 'any'),
          reference2: at('03', 'any'),
          reference3: at('/62.07', 'any'),
        },
      },
      {
        tags: [30, 30],
        guid: 'A000000677012006',
        fields: {
          biller: at('01', 'digits-15', { proxy: 'biller', ...must }),
          reference1: at('02', 'any'),
          reference2: at('03', 'any'),
          reference3: at('/62.07', 'any'),
        },
      },
    ],
    key: { field: 'biller' },
    source: 'saladpuk/PromptPay; maythiwat/promptparse; …2006 is the cross-border identifier',
  }),
  family({
    id: 'th-payment-innovation',
    name: 'Thai payment innovation',
    market: 'TH',
    currencies: ['THB'],
    marks: [
      { tags: [31, 31], guid: 'A000000677010113', fields: innovation() },
      { tags: [31, 31], guid: 'A000000677012004', fields: innovation() },
    ],
    key: { field: 'acquirer' },
    source: 'docs.rs eqr, promptpay.md',
  }),
  family({
    id: 'vietqr',
    name: 'VietQR (NAPAS)',
    market: 'VN',
    currencies: ['VND'],
    anonymous: true,
    marks: [
      {
        tags: [38, 38],
        guid: 'A000000727',
        fields: {
          bankBin: at('01.00', 'bin', must),
          accountNumber: at('01.01', 'account-19', { proxy: 'account', ...must }),
          service: at('02', 'vietqr-service'),
        },
      },
    ],
    key: { field: 'bankBin' },
    source: 'xuannghia/vietnam-qr-pay; NAPAS QR switching specification examples',
  }),
  family({
    id: 'vnpayqr',
    name: 'VNPAY-QR',
    market: 'VN',
    currencies: ['VND'],
    rank: 'wallet',
    marks: [{ tags: [26, 26], guid: 'A000000775', fields: { merchantId: at('01', 'any', must) } }],
    key: { field: 'merchantId' },
    source: 'xuannghia/vietnam-qr-pay',
  }),
  family({
    id: 'airpay-vn',
    name: 'AirPay / ShopeePay Viet Nam',
    market: 'VN',
    currencies: ['VND'],
    rank: 'wallet',
    marks: [
      {
        tags: [26, 26],
        guid: 'VN.AIRPAY.WWW',
        written: 'vn.airpay.www',
        fields: { merchantId: at('01', 'any') },
      },
    ],
    source: 'observed codes',
  }),
  family({
    id: 'khqr',
    name: 'KHQR (Bakong)',
    market: 'KH',
    currencies: ['KHR', 'USD'],
    marks: [
      {
        tags: [29, 29],
        country: 'KH',
        when: { '00': 'address' },
        fields: {
          bakongId: at('00', 'address', { proxy: 'alias', ...must }),
          accountInformation: at('01', 'any'),
          acquiringBank: at('02', 'any'),
          createdMs: at('/99.00', 'ms-13'),
          expiresMs: at('/99.01', 'ms-13'),
        },
      },
      {
        tags: [30, 30],
        country: 'KH',
        when: { '00': 'address' },
        fields: {
          bakongId: at('00', 'address', { proxy: 'alias', ...must }),
          merchantId: at('01', 'any'),
          acquiringBank: at('02', 'any'),
          createdMs: at('/99.00', 'ms-13'),
          expiresMs: at('/99.01', 'ms-13'),
        },
      },
    ],
    key: { field: 'bakongId', after: '@' },
    rules: ['khqr-times', 'khqr-dynamic'],
    source: 'ishinvin/ts-khqr, error codes 45 to 51 (National Bank of Cambodia KHQR)',
  }),
  family({
    id: 'paynow',
    name: 'PayNow',
    market: 'SG',
    currencies: ['SGD'],
    marks: [
      {
        tags: [26, 26],
        guid: 'SG.PAYNOW',
        fields: {
          proxyType: at('01', 'paynow-type', must),
          proxy: at('02', 'paynow-proxy', must),
          editable: at('03', 'flag'),
          expires: at('04', 'date'),
          reference: at('05', 'any'),
        },
      },
    ],
    rules: ['paynow-proxy', 'paynow-expiry'],
    source: 'lee-ratinan/emv-qr; PayNow QR generators',
  }),
  family({
    id: 'sgqr',
    name: 'SGQR',
    market: 'SG',
    currencies: ['SGD'],
    marks: [
      {
        tags: [51, 51],
        guid: 'SG.SGQR',
        fields: {
          sgqrId: at('01', 'any', must),
          version: at('02', 'any', must),
          postalCode: at('03', 'any'),
          level: at('04', 'any'),
          unit: at('05', 'any'),
          miscellaneous: at('06', 'any'),
          createdOn: at('07', 'digits-8'),
        },
      },
    ],
    source: 'lee-ratinan/emv-qr; SGQR specification examples',
  }),
  family({
    id: 'grabpay-sg',
    name: 'GrabPay',
    rank: 'wallet',
    marks: [
      {
        tags: [26, 50],
        guid: 'COM.GRAB',
        written: 'com.grab',
        fields: { merchantId: at('01', 'any') },
      },
    ],
    source: 'SGQR labels',
  }),
  family({
    id: 'dash',
    name: 'Singtel Dash',
    market: 'SG',
    currencies: ['SGD'],
    rank: 'wallet',
    marks: [
      {
        tags: [26, 50],
        guid: 'SG.COM.DASH.WWW',
        written: 'sg.com.dash.www',
        fields: { merchantId: at('01', 'any') },
      },
    ],
    source: 'SGQR labels',
  }),
  family({
    id: 'nets',
    name: 'NETS',
    market: 'SG',
    currencies: ['SGD'],
    rank: 'wallet',
    marks: [
      {
        tags: [26, 50],
        guid: 'SG.COM.NETS',
        fields: {
          header: at('01', 'any'),
          merchantId: at('02', 'any'),
          terminalId: at('03', 'any'),
        },
      },
    ],
    source: 'SGQR labels; sub-field meanings inferred',
  }),
  family({
    id: 'fave',
    name: 'FavePay',
    rank: 'wallet',
    marks: [
      {
        tags: [26, 50],
        guid: 'COM.MYFAVE',
        written: 'com.myfave',
        fields: { merchantId: at('01', 'any') },
      },
    ],
    source: 'SGQR labels',
  }),
  family({
    id: 'duitnow',
    name: 'DuitNow QR',
    market: 'MY',
    currencies: ['MYR'],
    marks: [
      {
        tags: [26, 26],
        guid: 'A0000006150001',
        fields: {
          acquirer: at('01', 'digits-6', must),
          merchantId: at('02', 'any', must),
          descriptor: at('03', 'any'),
          mobile: at('04', 'any', { proxy: 'mobile' }),
          integrityHash: at('/82', 'any'),
        },
      },
    ],
    key: { field: 'acquirer' },
    format: '02',
    source: 'PayNet DuitNow QR documents (public copy)',
  }),
  family({
    id: 'qris',
    name: 'QRIS',
    market: 'ID',
    currencies: ['IDR'],
    marks: [
      {
        tags: [26, 45],
        country: 'ID',
        when: { '01': 'mpan' },
        fields: {
          acquirerDomain: at('00', 'any', must),
          mpan: at('01', 'mpan', must),
          merchantId: at('02', 'any'),
          criteria: at('03', 'any'),
        },
      },
      { tags: [51, 51], guid: 'ID.CO.QRIS.WWW', fields: nationalMerchant() },
      { tags: [51, 51], guid: 'ID.OR.GPNQR.WWW', fields: nationalMerchant() },
      { tags: [51, 51], guid: 'ID.OR.QRNASIONAL.WWW', fields: nationalMerchant() },
    ],
    key: { field: 'mpan', take: 8 },
    source:
      'astrapay/spring-qris (ASPI QRIS); key is 9360 and the national numbering system digits',
  }),
  family({
    id: 'qris-transfer',
    name: 'QRIS transfer, withdrawal, deposit',
    market: 'ID',
    currencies: ['IDR'],
    marks: [
      {
        tags: [40, 40],
        country: 'ID',
        when: { '01': 'mpan' },
        fields: {
          issuerDomain: at('00', 'any', must),
          customerPan: at('01', 'mpan', must),
          beneficiaryId: at('02', 'any', { proxy: 'account' }),
          purpose: at('/62.08', 'any'),
        },
      },
    ],
    key: { field: 'customerPan', take: 8 },
    source: 'astrapay/spring-qris, QrisMapperTest',
  }),
  family({
    id: 'qrph-p2m',
    name: 'QR Ph, person to merchant',
    market: 'PH',
    currencies: ['PHP'],
    marks: [
      {
        tags: [28, 28],
        guid: 'PH.PPMI.P2M',
        written: 'ph.ppmi.p2m',
        fields: {
          acquirer: at('01', 'bic', must),
          merchantId: at('03', 'any', must),
          merchantAccount: at('04', 'any', { proxy: 'account' }),
          flags: at('05', 'digits-3'),
        },
      },
    ],
    key: { field: 'acquirer' },
    source: 'qrph/qrph (Philippine Payments Management)',
  }),
  family({
    id: 'qrph-p2p',
    name: 'QR Ph, person to person',
    market: 'PH',
    currencies: ['PHP'],
    marks: [
      {
        tags: [27, 27],
        guid: 'COM.P2PQRPAY',
        written: 'com.p2pqrpay',
        fields: {
          institution: at('01', 'bic', must),
          paymentType: at('02', 'any', must),
          creditAccount: at('04', 'any', { proxy: 'account' }),
          mobile: at('05', 'any', { proxy: 'mobile' }),
        },
      },
    ],
    key: { field: 'institution' },
    source: 'qrph/qrph; PayMongo documents',
  }),
  family({
    id: 'laoqr',
    name: 'Lao QR (LAPNet)',
    market: 'LA',
    currencies: ['LAK', 'USD', 'THB'],
    anonymous: true,
    marks: [
      {
        tags: [38, 38],
        guid: 'A005266284662577',
        fields: {
          iin: at('01', 'digits-8', must),
          paymentType: at('02', 'digits-3', must),
          receiverId: at('03', 'any', { proxy: 'account', ...must }),
        },
      },
    ],
    key: { field: 'iin' },
    source: 'observed LAPNet codes',
  }),
  family({
    id: 'mmqr',
    name: 'MMQR',
    market: 'MM',
    currencies: ['MMK'],
    marks: [
      {
        tags: [26, 26],
        guid: 'COM.MMQRPAY.WWW',
        written: 'com.mmqrpay.www',
        fields: { merchantId: at('01', 'any', must), terminalId: at('02', 'any') },
      },
    ],
    key: { field: 'merchantId', take: 6 },
    source: 'Odoo l10n_mm (Central Bank of Myanmar MMQR)',
  }),
]

function innovation() {
  return {
    acquirer: at('01', 'any', must),
    merchantId: at('02', 'any'),
    reference: at('03', 'any'),
  }
}

function nationalMerchant() {
  return { nmid: at('02', 'nmid', must), criteria: at('03', 'any') }
}
