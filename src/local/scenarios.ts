/** The scenarios of the demo: who pays where, what goes wrong on purpose, and how each must end. */
import { limited, rushes } from './limit-plays.ts'
import { exhausts } from './person-plays.ts'
import {
  cancels,
  deemed,
  fails,
  ordered,
  paidIn,
  refunded,
  repeated,
  type Sale,
  type Scenario,
  scans,
  slow,
  succeeds,
} from './plays.ts'

/** Of one person, an amount typed at a tea house. */
const inChina = (wallet: string, minor: string): Sale => ({
  ...{ wallet, acquirer: 'acquirer-cn', merchant: 'cn-tea' },
  typed: { currency: 'CNY', minor },
})

/** In the order of the table; those that wait for a deadline come last and run beside each other. */
export const scenarios: readonly Scenario[] = [
  succeeds(
    'Thai wallet at a mainland market stall (UnionPay code)',
    { wallet: 'wallet-th', acquirer: 'acquirer-cn', merchant: 'cn-silk' },
    'inbound',
  ),
  succeeds(
    'Vietnamese wallet types the amount at a Beijing tea house',
    {
      wallet: 'wallet-vn',
      acquirer: 'acquirer-cn',
      merchant: 'cn-tea',
      typed: { currency: 'CNY', minor: '4200' },
    },
    'inbound',
  ),
  succeeds(
    'Chinese wallet at a PromptPay shop',
    { wallet: 'wallet-cn', acquirer: 'acquirer-th', merchant: 'th-silver' },
    'outbound',
  ),
  succeeds(
    'Chinese wallet at a QRIS shop',
    { wallet: 'wallet-cn', acquirer: 'acquirer-id', merchant: 'id-batik' },
    'outbound',
  ),
  succeeds(
    'Malaysian wallet at a VietQR shop',
    { wallet: 'wallet-my', acquirer: 'acquirer-vn', merchant: 'vn-lantern' },
    'overseas',
  ),
  succeeds(
    'German wallet fixes its own amount at a DuitNow stall',
    {
      wallet: 'wallet-de',
      acquirer: 'acquirer-my',
      merchant: 'my-durian',
      typed: { currency: 'EUR', minor: '1500' },
    },
    'overseas',
  ),
  succeeds(
    'Thai wallet at a Thai shop, no exchange',
    { wallet: 'wallet-th', acquirer: 'acquirer-th', merchant: 'th-padthai' },
    'local',
  ),
  scans(
    'Thai wallet scanned in Shanghai (QR)',
    { wallet: 'wallet-th', acquirer: 'acquirer-cn', merchant: 'cn-rail', amount: '50.00' },
    paidIn('inbound'),
  ),
  scans(
    'Chinese wallet scanned in Bangkok (bar code)',
    {
      wallet: 'wallet-cn',
      acquirer: 'acquirer-th',
      merchant: 'th-padthai',
      amount: '120.00',
      shows: 'barcode',
    },
    paidIn('outbound'),
  ),
  scans(
    "Chinese wallet scanned in Bali, a code of the wallet's own",
    {
      wallet: 'wallet-cn',
      acquirer: 'acquirer-id',
      merchant: 'id-sari',
      amount: '85000.00',
      own: true,
    },
    paidIn('outbound'),
  ),
  scans(
    'Malaysian wallet scanned in Ha Noi, its user confirms',
    {
      wallet: 'wallet-my',
      acquirer: 'acquirer-vn',
      merchant: 'vn-pho',
      amount: '65000',
      customer: { confirms: () => new Promise(yes => setTimeout(yes, 1_500, true)) },
    },
    paidIn('overseas'),
  ),
  scans(
    'Chinese wallet scanned at home, no exchange',
    { wallet: 'wallet-cn', acquirer: 'acquirer-cn', merchant: 'cn-tea', amount: '68.00' },
    paidIn('local'),
  ),
  scans(
    'Scanned, and the user says no',
    {
      wallet: 'wallet-vn',
      acquirer: 'acquirer-th',
      merchant: 'th-padthai',
      amount: '120.00',
      customer: { confirms: () => new Promise(no => setTimeout(no, 500, false)) },
    },
    { scenario: 'overseas', resultCode: 'USER_REJECTED', hold: null, order: 'voided' },
  ),
  fails(
    'A shop that may not take it: the acquirer refuses',
    { wallet: 'wallet-my', acquirer: 'acquirer-id', merchant: 'id-tutup' },
    'MERCHANT_NOT_QUALIFIED',
    'refused',
  ),
  repeated('The same request twice, then with another body', {
    wallet: 'wallet-th',
    acquirer: 'acquirer-cn',
    merchant: 'cn-rail',
  }),
  cancels(
    'Paid and taken back: the commit is reversed, the money returned',
    { wallet: 'wallet-th', acquirer: 'acquirer-cn', merchant: 'cn-silk' },
    'after',
  ),
  cancels(
    'A cancel that overtakes its payment: nothing is ever made',
    { wallet: 'wallet-my', acquirer: 'acquirer-th', merchant: 'th-silver' },
    'before',
  ),
  ordered('An order link in two wallets at once: one pays, one hears ORDER_PAID', {
    wallet: 'wallet-cn',
    rival: 'wallet-th',
    acquirer: 'acquirer-vn',
    merchant: 'vn-lantern',
    amount: '180000',
  }),
  refunded('Two refunds: a third of it, then the rest, to the last satang', {
    wallet: 'wallet-th',
    acquirer: 'acquirer-id',
    merchant: 'id-sari',
  }),
  succeeds(
    "The acquirer's answer is lost: asked again, it says yes",
    {
      wallet: 'wallet-cn',
      acquirer: 'acquirer-vn',
      merchant: 'vn-pho',
      faults: ['drop-answer accept x1'],
    },
    'outbound',
  ),
  deemed('A silent switch that cannot undo: deemed, and committed by its file', {
    wallet: 'wallet-de',
    acquirer: 'acquirer-id',
    merchant: 'id-batik',
    faults: ['silent accept x1', 'silent inquire'],
  }),
  limited(
    'Above what the wallet lets one payment be: LIMIT_SINGLE with the quote',
    { wallet: 'wallet-de', acquirer: 'acquirer-th', merchant: 'th-silver' },
    { kind: 'single_max', value: 20_00n },
    'LIMIT_SINGLE',
  ),
  limited(
    'More than is left of the day: LIMIT_PERIOD, and the hold is released',
    { wallet: 'wallet-de', acquirer: 'acquirer-vn', merchant: 'vn-lantern' },
    { kind: 'value_day', value: 2_00n },
    'LIMIT_PERIOD',
  ),
  rushes('More payments than a second may have: LIMIT_RATE, and a moment later it is paid', {
    wallet: 'wallet-de',
    acquirer: 'acquirer-cn',
    merchant: 'cn-rail',
  }),
  exhausts(
    'More than USD 5,000 in one payment in China: LIMIT_SINGLE',
    [inChina('wallet-th', '3600000')],
    'LIMIT_SINGLE',
    { showsDocument: true },
  ),
  exhausts(
    'One traveller, three wallets, USD 50,000 a year in China: LIMIT_PERSON',
    [
      { ...inChina('wallet-th', '3500000'), times: 5 },
      { ...inChina('wallet-my', '3500000'), times: 5 },
      inChina('wallet-vn', '3500000'),
    ],
    'LIMIT_PERSON',
    { showsDocument: true },
  ),
  exhausts(
    'No document shown, USD 2,000 a year in China: LIMIT_ID_REQUIRED',
    [inChina('wallet-my', '1400000'), inChina('wallet-my', '100000')],
    'LIMIT_ID_REQUIRED',
    { showsDocument: false },
  ),
  slow(
    fails(
      'A silent acquirer: in doubt, asked, aborted at the deadline',
      {
        wallet: 'wallet-cn',
        acquirer: 'acquirer-my',
        merchant: 'my-kopitiam',
        faults: ['silent accept x1', 'silent inquire'],
      },
      'DEADLINE_EXCEEDED',
      'voided',
    ),
  ),
]
