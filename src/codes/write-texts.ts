/** Writes SPAYD, IPS and the Thai bill bar code. */
import { minorUnits } from './amount.ts'
import { hasShape, isDigits } from './shapes.ts'
import { checkAmount, checkIban, checkLength, checkName } from './write-checks.ts'
import { Complaints, type Written } from './written.ts'

export interface SpaydInput {
  readonly iban: string
  readonly bic?: string
  readonly amount?: string
  readonly currency?: string
  readonly name?: string
  /** Variable symbol: up to ten digits. */
  readonly reference?: string
  readonly message?: string
}

/** Short Payment Descriptor 1.0: a star ends a value, so a star inside is percent-encoded. */
export function writeSpayd(input: SpaydInput): Written {
  const complaints = new Complaints()
  checkIban(input.iban, complaints)
  if (input.bic !== undefined && !hasShape('bic', input.bic)) complaints.add('field-shape', 'bic')
  checkAmount(input.amount, 2, complaints)
  if (input.currency !== undefined && !/^[A-Z]{3}$/.test(input.currency)) {
    complaints.add('field-shape', 'currency')
  }
  checkLength(input.name, 35, 'name', complaints)
  checkLength(input.message, 60, 'message', complaints)
  if (input.reference !== undefined && !/^\d{1,10}$/.test(input.reference)) {
    complaints.add('field-shape', 'reference')
  }
  const pairs = [
    ['ACC', input.bic === undefined ? input.iban : `${input.iban}+${input.bic}`],
    ['AM', input.amount],
    ['CC', input.currency],
    ['RN', input.name],
    ['X-VS', input.reference],
    ['MSG', input.message],
  ] as const
  const said = pairs.filter(([, value]) => value !== undefined && value !== '')
  const escaped = (value: string): string => value.replaceAll('%', '%25').replaceAll('*', '%2A')
  return complaints.or(
    ['SPD*1.0', ...said.map(([key, value]) => `${key}:${escaped(value ?? '')}`)].join('*'),
  )
}

export interface ThaiBarcodeInput {
  /** Tax id of 13 digits and suffix of 2. */
  readonly biller: string
  readonly reference1: string
  readonly reference2?: string
  /** Baht with at most two decimals. */
  readonly amount?: string
}

/** Bank of Thailand: carriage returns between the lines, satang, 0 when the payer says how much. */
export function writeThaiBarcode(input: ThaiBarcodeInput): Written {
  const complaints = new Complaints()
  if (!hasShape('digits-15', input.biller)) complaints.add('field-shape', 'biller')
  for (const name of ['reference1', 'reference2'] as const) {
    const value = input[name] ?? ''
    if (value.length > 20) complaints.add('field-too-long', name)
    if (value !== '' && !/^[A-Za-z0-9]+$/.test(value)) complaints.add('field-shape', name)
  }
  if (input.reference1 === '') complaints.add('field-missing', 'reference1')
  checkAmount(input.amount, 2, complaints)
  const minor = minorUnits(input.amount ?? '0', 2)
  const satang = minor.ok ? minor.minor.toString() : ''
  const lines = [input.biller, input.reference1, input.reference2 ?? '', satang]
  return complaints.or(`|${lines.join('\r')}`)
}

export interface IpsInput {
  /** 18 digits: bank, account, check. */
  readonly account: string
  readonly name: string
  /** Dinars with at most two decimals. */
  readonly amount?: string
  readonly purpose?: string
  readonly reference?: string
}

/** National Bank of Serbia IPS QR, kind PR: a decimal comma, bars between the fields. */
export function writeIps(input: IpsInput): Written {
  const complaints = new Complaints()
  if (input.account.length !== 18 || !isDigits(input.account))
    complaints.add('field-shape', 'account')
  checkName(input.name, 70, complaints)
  checkAmount(input.amount, 2, complaints)
  checkLength(input.purpose, 35, 'purpose', complaints)
  checkLength(input.reference, 35, 'reference', complaints)
  const values = [input.name, input.purpose ?? '', input.reference ?? '']
  if (values.some(value => value.includes('|'))) complaints.add('field-shape', 'name')
  const pairs = [
    ['K', 'PR'],
    ['V', '01'],
    ['C', '1'],
    ['R', input.account],
    ['N', input.name],
    ['I', input.amount === undefined ? '' : `RSD${input.amount.replace('.', ',')}`],
    ['S', input.purpose ?? ''],
    ['RO', input.reference ?? ''],
  ] as const
  const said = pairs.filter(([, value]) => value !== '')
  return complaints.or(said.map(([key, value]) => `${key}:${value}`).join('|'))
}
