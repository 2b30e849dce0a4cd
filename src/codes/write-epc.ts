/** Writes SEPA credit transfers. */
import { creditorReferenceIsRight } from './iban.ts'
import { hasShape } from './shapes.ts'
import { checkAmount, checkIban, checkLength, checkName } from './write-checks.ts'
import { Complaints, type Written } from './written.ts'

export interface EpcInput {
  readonly iban: string
  readonly bic?: string
  readonly name: string
  /** Euros with at most two decimals. */
  readonly amount?: string
  /** ISO 11649 creditor reference; not together with a text. */
  readonly reference?: string
  readonly text?: string
}

/** EPC069-12: at most 331 bytes, so that the symbol stays within version 13. */
export function writeEpc(input: EpcInput): Written {
  const complaints = new Complaints()
  checkIban(input.iban, complaints)
  if (input.bic !== undefined && !hasShape('bic', input.bic)) complaints.add('field-shape', 'bic')
  checkName(input.name, 70, complaints)
  checkAmount(input.amount, 2, complaints)
  const { reference = '', text = '' } = input
  if (reference !== '' && text !== '') complaints.add('reference-malformed', 'reference')
  if (reference !== '' && !creditorReferenceIsRight(reference)) {
    complaints.add('reference-malformed', 'reference')
  }
  checkLength(text, 140, 'text', complaints)
  const amount = input.amount === undefined ? '' : `EUR${input.amount}`
  const lines = ['BCD', '002', '1', 'SCT', input.bic ?? '', input.name, input.iban, amount]
  const payload = withoutEnd([...lines, '', reference, text]).join('\n')
  if (utf8Length(payload) > 331) complaints.add('payload-too-long', 'text')
  return complaints.or(payload)
}

function withoutEnd(lines: readonly string[]): string[] {
  let end = lines.length
  while (end > 0 && lines[end - 1] === '') end--
  return lines.slice(0, end)
}

function utf8Length(text: string): number {
  let length = 0
  for (const character of text) {
    const point = character.codePointAt(0) as number
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return length
}
