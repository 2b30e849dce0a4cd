/** Checks that writers of several formats share. */
import { minorUnits } from './amount.ts'
import { ibanIsRight } from './iban.ts'
import type { Complaints } from './written.ts'

/** A positive decimal of at most `exponent` decimals. */
export function checkAmount(
  amount: string | undefined,
  exponent: number,
  complaints: Complaints,
): void {
  if (amount === undefined) return
  const minor = minorUnits(amount, exponent)
  if (!minor.ok || minor.minor === 0n || amount.length > 13)
    complaints.add('amount-shape', 'amount')
}

/** Well-formed text of one line, without white space at its ends, which readers would drop. */
export function checkLength(
  text: string | undefined,
  max: number,
  field: string,
  complaints: Complaints,
): void {
  if (text === undefined) return
  if ([...text].length > max) complaints.add('field-too-long', field)
  if (!text.isWellFormed() || hasControl(text) || text.trim() !== text)
    complaints.add('field-shape', field)
}

export function checkIban(iban: string, complaints: Complaints): void {
  if (!ibanIsRight(iban)) complaints.add('iban-malformed', 'iban')
}

/** A mandatory name. */
export function checkName(name: string, max: number, complaints: Complaints): void {
  if (name === '') complaints.add('field-missing', 'name')
  checkLength(name, max, 'name', complaints)
}

function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) < 0x20) return true
  }
  return false
}
