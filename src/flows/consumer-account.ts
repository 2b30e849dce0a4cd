/** The number inside an EMVCo consumer code, whole: a reading shows only its ends, because it might be a card's. */
import { bytesOf } from '../codes/base64.ts'
import { type BerField, berFields, hexOf } from '../codes/ber.ts'

/** Tag 5A: the number, padded with F. */
const NUMBER = '5A'

/** The digits; null where the payload is no such code or has no number of at least twelve digits. */
export function accountIn(payload: string): string | null {
  const bytes = bytesOf(payload)
  const fields = bytes && berFields(bytes, 0, bytes.length)
  const field = fields && find(fields)
  if (bytes === null || field === undefined || field === null) return null
  const digits = hexOf(bytes, field.from, field.to).replace(/F$/, '')
  return /^\d{12,19}$/.test(digits) ? digits : null
}

function find(fields: readonly BerField[]): BerField | undefined {
  for (const field of fields) {
    const found = field.tag === NUMBER ? field : find(field.children)
    if (found !== undefined) return found
  }
  return undefined
}
