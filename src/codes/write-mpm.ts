/**
 * Writes EMVCo merchant-presented codes, strictly: EMVCo MPM 1.1 and the rows of the table of
 * families. What is written is read back before it is handed out, so no code leaves that we would
 * refuse.
 */
import { currencyByCode } from '../domain/currency.ts'
import { minorUnits } from './amount.ts'
import { crc16, crcText } from './crc.ts'
import type { Family } from './families/row.ts'
import { familyById } from './families.ts'
import { readMpm } from './mpm.ts'
import { placeAccount } from './write-account.ts'
import { joined, place, placeIn, placeLocal, type Tree } from './write-tree.ts'
import { Complaints, type Written } from './written.ts'

export interface MpmInput {
  readonly initiation: 'static' | 'dynamic'
  readonly accounts: readonly MpmAccount[]
  /** Alphabetic codes; the first family's own when left out. */
  readonly country?: string
  readonly currency?: string
  /** Major units with a point. */
  readonly amount?: string
  readonly mcc?: string
  readonly merchantName?: string
  readonly merchantCity?: string
  readonly postalCode?: string
  readonly tip?: { readonly kind: 'prompt' | 'fixed' | 'percentage'; readonly value?: string }
  readonly local?: { readonly language: string; readonly name: string; readonly city?: string }
  /** Field 62 by two-digit sub-id. */
  readonly additionalData?: Readonly<Record<string, string>>
}

/** An account of a family by the names in its row. `mark` picks another than the row's first. */
export interface MpmAccount {
  readonly family: string
  readonly fields: Readonly<Record<string, string>>
  readonly mark?: number
  /** For families without one fixed identifier (QRIS acquirers) or with a choice of places. */
  readonly tag?: string
}

export function writeMpm(input: MpmInput): Written {
  const complaints = new Complaints()
  const tree: Tree = new Map()
  const rows: Family[] = []
  for (const account of input.accounts) {
    const row = familyById(account.family)
    if (row === undefined || row.marks.length === 0) {
      complaints.add('family-unknown', account.family)
      continue
    }
    rows.push(row)
    placeAccount(tree, row, account, complaints)
  }
  if (input.accounts.length === 0) complaints.add('field-missing', 'accounts')
  tree.set('00', rows.find(row => row.format !== '01')?.format ?? '01')
  tree.set('01', input.initiation === 'static' ? '11' : '12')
  placeMarket(tree, rows, input, complaints)
  placeMerchant(tree, rows, input, complaints)
  placeTip(tree, input, complaints)
  if (complaints.errors.length > 0) return complaints.or('')

  const body = `${joined(tree, complaints, '')}6304`
  if (complaints.errors.length > 0) return complaints.or('')
  const payload = body + crcText(crc16(body, body.length))
  if (payload.length > 512) complaints.add('payload-too-long', 'accounts')
  for (const { code } of readMpm(payload).errors) complaints.add(code, 'accounts')
  return complaints.or(payload)
}

function placeMarket(
  tree: Tree,
  rows: readonly Family[],
  input: MpmInput,
  complaints: Complaints,
): void {
  const country = input.country ?? rows.find(row => row.market !== null)?.market
  if (country === undefined || country === null) complaints.add('field-missing', 'country')
  else if (!/^[A-Z]{2}$/.test(country)) complaints.add('field-shape', 'country')
  else tree.set('58', country)
  const code = input.currency ?? rows.find(row => row.currencies.length > 0)?.currencies[0]
  const currency = code === undefined ? undefined : currencyByCode(code)
  if (code === undefined) complaints.add('field-missing', 'currency')
  else if (currency === undefined) complaints.add('currency-unknown', 'currency')
  else tree.set('53', currency.numeric)
  for (const row of rows) {
    if (row.market !== null && row.market !== country) complaints.add('country-foreign', row.id)
    if (row.currencies.length > 0 && code !== undefined && !row.currencies.includes(code)) {
      complaints.add('currency-foreign', row.id)
    }
  }
  if (input.amount === undefined || currency === undefined) return
  const minor = minorUnits(input.amount, currency.exponent)
  if (!minor.ok || minor.minor === 0n) complaints.add('amount-shape', 'amount')
  else place(tree, '54', input.amount, 13, 'amount', complaints)
}

/**
 * Category, name and city are mandatory in EMVCo; some transfer schemes write codes without them.
 */
function placeMerchant(
  tree: Tree,
  rows: readonly Family[],
  input: MpmInput,
  complaints: Complaints,
): void {
  const anonymous = rows.length > 0 && rows.every(row => row.anonymous)
  const { mcc = anonymous ? undefined : '0000', merchantName, merchantCity, local } = input
  if (mcc !== undefined) {
    if (/^\d{4}$/.test(mcc)) tree.set('52', mcc)
    else complaints.add('field-shape', 'mcc')
  }
  if (!anonymous && !merchantName) complaints.add('field-missing', 'merchantName')
  if (!anonymous && !merchantCity) complaints.add('field-missing', 'merchantCity')
  if (merchantName) place(tree, '59', merchantName, 25, 'merchantName', complaints)
  if (merchantCity) place(tree, '60', merchantCity, 15, 'merchantCity', complaints)
  if (input.postalCode) place(tree, '61', input.postalCode, 10, 'postalCode', complaints)

  for (const [id, value] of Object.entries(input.additionalData ?? {})) {
    if (!/^\d\d$/.test(id) || value === '') complaints.add('field-shape', `additionalData.${id}`)
    else placeIn(tree, '62', id, value, additionalMax(id), `additionalData.${id}`, complaints)
  }
  if (local === undefined) return
  if (!/^[A-Za-z]{2}$/.test(local.language)) complaints.add('field-shape', 'local.language')
  const names: Tree = new Map([['00', local.language]])
  placeLocal(names, '01', local.name, 25, 'local.name', complaints)
  if (local.city) placeLocal(names, '02', local.city, 15, 'local.city', complaints)
  tree.set('64', names)
}

function placeTip(tree: Tree, { tip }: MpmInput, complaints: Complaints): void {
  if (tip === undefined) return
  const { kind, value = '' } = tip
  tree.set('55', kind === 'prompt' ? '01' : kind === 'fixed' ? '02' : '03')
  if (kind === 'prompt') return
  // Fees are positive decimals; a percentage lies between 00.01 and 99.99.
  const right = kind === 'fixed' ? /^\d{1,10}(\.\d{0,2})?$/ : /^\d{1,2}(\.\d{1,2})?$/
  if (!right.test(value) || Number(value) === 0) complaints.add('field-shape', 'tip')
  else tree.set(kind === 'fixed' ? '56' : '57', value)
}

const additionalMax = (id: string): number =>
  ({ '09': 3, '10': 20, '11': 3 })[id] ?? (Number(id) < 50 ? 25 : 99)
