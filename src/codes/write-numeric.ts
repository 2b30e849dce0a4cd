/** Writes numeric consumer codes: a registered prefix and the digits of a one-time token. */
import { looksLikeCard } from './card.ts'
import { familyById } from './families.ts'
import { isDigits } from './shapes.ts'
import { Complaints, type Written } from './written.ts'

export interface NumericInput {
  readonly family: string
  /** One of the family's, or longer: an issuer's part of the range. */
  readonly prefix: string
  /** The digits that follow, drawn at random by the issuer. */
  readonly token: string
}

export function writeNumeric({ family, prefix, token }: NumericInput): Written {
  const complaints = new Complaints()
  const row = familyById(family)
  const range = row?.numbers.find(each => prefix.startsWith(each.prefix))
  const payload = prefix + token
  if (row === undefined || row.numbers.length === 0) complaints.add('family-unknown', 'family')
  else if (range === undefined) complaints.add('prefix-unknown', 'prefix')
  else if (payload.length < range.lengths[0] || payload.length > range.lengths[1]) {
    complaints.add('length-wrong', 'token')
  }
  if (!isDigits(token)) complaints.add('field-shape', 'token')
  // Tills refuse what looks like a card, so the issuer must draw another token.
  if (looksLikeCard(payload)) complaints.add('card-number', 'token')
  return complaints.or(payload)
}
