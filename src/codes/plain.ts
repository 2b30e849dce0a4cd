/** What a name may hide: control characters, reversed reading, letters that only look the same. */
import type { Draft } from './reading.ts'

/** Fields that EMVCo wants in plain ASCII (format ans). */
export function checkPlain(draft: Draft, text: string): void {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit > 0x7e) {
      draft.warn('non-ascii-in-ans-field')
      checkText(draft, text)
      return
    }
    if (unit < 0x20) draft.warn('control-character')
  }
}

/** Fields that may be in any script (format S). */
export function checkText(draft: Draft, text: string): void {
  let scripts = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) draft.warn('control-character')
    else if (isBidiControl(unit)) draft.warn('bidi-control')
    else scripts |= alphabetOf(unit)
  }
  // One bit is one alphabet; two or more in one name is how a false name looks like a true one.
  if ((scripts & (scripts - 1)) !== 0) draft.warn('look-alike-name')
}

/** LRM, RLM, ALM, the embeddings and overrides, the isolates: Unicode UAX 9, table 1. */
const isBidiControl = (unit: number): boolean =>
  unit === 0x200e ||
  unit === 0x200f ||
  unit === 0x061c ||
  (unit >= 0x202a && unit <= 0x202e) ||
  (unit >= 0x2066 && unit <= 0x2069)

/** Latin, Cyrillic and Greek share letter shapes, and full-width Latin imitates plain Latin. */
function alphabetOf(unit: number): number {
  const letter = unit | 32
  if ((letter >= 97 && letter <= 122) || (unit >= 0xc0 && unit <= 0x24f)) return 1
  if (unit >= 0x370 && unit <= 0x3ff) return 2
  if (unit >= 0x400 && unit <= 0x52f) return 4
  if ((unit >= 0xff21 && unit <= 0xff3a) || (unit >= 0xff41 && unit <= 0xff5a)) return 8
  return 0
}
