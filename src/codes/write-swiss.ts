/** Writes Swiss QR-bills. */
import { creditorReferenceIsRight } from './iban.ts'
import { isQrIban, isQrReference } from './swiss.ts'
import { checkIban, checkLength, checkName } from './write-checks.ts'
import { Complaints, type Written } from './written.ts'

export interface SwissInput {
  readonly iban: string
  readonly name: string
  readonly street?: string
  readonly houseNumber?: string
  readonly postalCode: string
  readonly city: string
  readonly country: string
  readonly currency: 'CHF' | 'EUR'
  /** Exactly two decimals. */
  readonly amount?: string
  /** 27 digits with a QR-IBAN, ISO 11649 with any other, or none. */
  readonly reference?: string
  readonly message?: string
}

/** SIX guidelines 2.3: structured address only; the reference decides its type. */
export function writeSwissBill(input: SwissInput): Written {
  const complaints = new Complaints()
  checkIban(input.iban, complaints)
  if (!/^(CH|LI)/.test(input.iban)) complaints.add('iban-malformed', 'iban')
  checkCreditor(input, complaints)
  checkLength(input.message, 140, 'message', complaints)
  if (input.amount !== undefined && !/^\d{1,9}\.\d\d$/.test(input.amount)) {
    complaints.add('amount-shape', 'amount')
  }
  const { reference = '' } = input
  const type = isQrIban(input.iban) ? 'QRR' : reference === '' ? 'NON' : 'SCOR'
  const isRight =
    type === 'QRR'
      ? isQrReference(reference)
      : type === 'NON' || creditorReferenceIsRight(reference)
  if (!isRight) complaints.add('reference-malformed', 'reference')
  const creditor = [input.name, input.street ?? '', input.houseNumber ?? '']
  const place = [input.postalCode, input.city, input.country]
  const sum = [input.amount ?? '', input.currency]
  const end = [type, reference, input.message ?? '', 'EPD']
  const head = ['SPC', '0200', '1', input.iban, 'S']
  return complaints.or(
    [...head, ...creditor, ...place, ...nobody, ...sum, ...nobody, ...end].join('\n'),
  )
}

/** The seven lines of a party that is not named. */
const nobody = ['', '', '', '', '', '', '']

function checkCreditor(input: SwissInput, complaints: Complaints): void {
  checkName(input.name, 70, complaints)
  checkLength(input.street, 70, 'street', complaints)
  checkLength(input.houseNumber, 16, 'houseNumber', complaints)
  checkLength(input.postalCode, 16, 'postalCode', complaints)
  checkLength(input.city, 35, 'city', complaints)
  if (input.postalCode === '') complaints.add('field-missing', 'postalCode')
  if (input.city === '') complaints.add('field-missing', 'city')
  if (!/^[A-Z]{2}$/.test(input.country)) complaints.add('field-shape', 'country')
}
