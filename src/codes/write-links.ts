/** Writes payment links: UPI, TWQR, Swish. */
import { hasShape, isDigits } from './shapes.ts'
import { checkAmount, checkLength } from './write-checks.ts'
import { Complaints, type Written } from './written.ts'

export interface UpiInput {
  readonly payee: string
  readonly name: string
  /** Rupees with at most two decimals. */
  readonly amount?: string
  readonly mcc?: string
  readonly reference?: string
  readonly note?: string
  readonly mode?: string
}

/** NPCI UPI linking specification; values are percent-encoded, a blank as %20. */
export function writeUpi(input: UpiInput): Written {
  const complaints = new Complaints()
  if (!hasShape('address', input.payee)) complaints.add('field-shape', 'payee')
  if (input.name === '') complaints.add('field-missing', 'name')
  checkAmount(input.amount, 2, complaints)
  if (input.mcc !== undefined && !hasShape('digits-4', input.mcc))
    complaints.add('field-shape', 'mcc')
  if (input.mode !== undefined && !hasShape('digits-2', input.mode)) {
    complaints.add('field-shape', 'mode')
  }
  checkLength(input.reference, 35, 'reference', complaints)
  checkLength(input.note, 80, 'note', complaints)
  const query = queryOf([
    ['pa', input.payee],
    ['pn', input.name],
    ['mc', input.mcc],
    ['tr', input.reference],
    ['tn', input.note],
    ['am', input.amount],
    ['cu', 'INR'],
    ['mode', input.mode],
  ])
  return complaints.or(`upi://pay?${query}`)
}

export interface TwqrInput {
  readonly name: string
  readonly bankCode: string
  /** Up to 16 digits; written with leading zeros. */
  readonly account: string
  readonly note?: string
}

/** A transfer without amount: the unit of D1 differs between banks, so none is written. */
export function writeTwqr(input: TwqrInput): Written {
  const complaints = new Complaints()
  if (input.name === '' || /[/?#]/.test(input.name)) complaints.add('field-shape', 'name')
  if (!hasShape('digits-3', input.bankCode)) complaints.add('field-shape', 'bankCode')
  if (!isDigits(input.account) || input.account.length > 16)
    complaints.add('field-shape', 'account')
  const query = queryOf([
    ['D5', input.bankCode],
    ['D6', input.account.padStart(16, '0')],
    ['D9', input.note],
    ['D10', '901'],
  ])
  return complaints.or(`TWQRP://${encoded(input.name)}/158/02/V1?${query}`)
}

export interface SwishInput {
  readonly payee: string
  /** Kronor with at most two decimals. */
  readonly amount?: string
  readonly message?: string
  readonly editable?: readonly ('payee' | 'amount' | 'message')[]
}

/** The mask adds up what may be changed: number 1, amount 2, message 4. */
export function writeSwish({ payee, amount, message = '', editable = [] }: SwishInput): Written {
  const complaints = new Complaints()
  if (!isDigits(payee) || payee.length < 5 || payee.length > 15)
    complaints.add('field-shape', 'payee')
  checkAmount(amount, 2, complaints)
  checkLength(message, 50, 'message', complaints)
  if (message.includes(';')) complaints.add('field-shape', 'message')
  const weights = { payee: 1, amount: 2, message: 4 }
  const mask = [...new Set(editable)].reduce((sum, part) => sum + weights[part], 0)
  return complaints.or(`C${payee};${amount ?? ''};${message};${mask}`)
}

function queryOf(pairs: readonly (readonly [string, string | undefined])[]): string {
  const said = pairs.filter(([, value]) => value !== undefined && value !== '')
  return said.map(([name, value]) => `${name}=${encoded(value ?? '')}`).join('&')
}

/** Half a surrogate pair has no encoding; it is complained of elsewhere and left out here. */
function encoded(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text).replaceAll('%40', '@') : ''
}
