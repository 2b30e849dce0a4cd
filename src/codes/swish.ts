/**
 * Reads Swish: the text `C<number>;<amount>;<message>;<mask>` and the link of its web page.
 * The mask says what the payer may change: 7 minus number 1, amount 2, message 4.
 */
import type { Family } from './families/row.ts'
import { type LinkParts, parameters } from './link.ts'
import { checkText } from './plain.ts'
import type { Draft } from './reading.ts'
import { isDigits } from './shapes.ts'
import { stateAmount } from './stated.ts'

export function readSwish(draft: Draft, row: Family, text: string): void {
  const [number = '', amount = '', message = '', mask = '0', ...more] = text.slice(1).split(';')
  if (more.length > 0) draft.refuse('field-malformed')
  if (mask !== '' && (mask.length !== 1 || mask < '0' || mask > '7'))
    draft.refuse('field-malformed')
  readPayment(draft, row, number, amount, message)
}

export function readSwishLink(draft: Draft, row: Family, { query }: LinkParts): void {
  const { values } = parameters(query)
  readPayment(draft, row, values.get('sw') ?? '', values.get('amt') ?? '', values.get('msg') ?? '')
}

/** Amounts are written with point or comma. */
function readPayment(
  draft: Draft,
  row: Family,
  number: string,
  amount: string,
  message: string,
): void {
  const digits = number[0] === '+' ? number.slice(1) : number
  if (digits === '') draft.refuse('payee-missing')
  else if (!isDigits(digits) || digits.length < 5 || digits.length > 15) {
    draft.refuse('proxy-malformed')
  }
  if (amount !== '') stateAmount(draft, amount.replace(',', '.'))
  if (message !== '') {
    draft.additionalData = { '08': message }
    checkText(draft, message)
  }
  draft.addFamily(row, { payee: number }, null, { type: 'mobile', value: number })
}
