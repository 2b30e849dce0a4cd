/**
 * The flat list of EMVCo codes: id (two digits), length (two digits), value; templates nest the
 * same form. EMVCo Merchant-Presented Mode 1.1, section 4.3.
 *
 * Lengths count characters (4.4.1.1). Real generators also count UTF-8 bytes or UTF-16 units, so a
 * list that does not close in one measure is tried in the others.
 */
export interface Field {
  readonly id: number
  /**
   * Where the id starts, where the value starts, and where it ends: UTF-16 units of the payload.
   */
  readonly at: number
  readonly from: number
  readonly to: number
}

export type Measure = 'unit' | 'character' | 'byte'

export interface FieldList {
  readonly fields: readonly Field[]
  readonly measure: Measure
  /** Where the list breaks, or -1 when it ends exactly where it should. */
  readonly brokenAt: number
}

/**
 * Splits `text` from `from` to `to`. Without a character outside the basic plane, units and
 * characters are the same, so units, the cheapest, go first.
 */
export function splitFields(text: string, from: number, to: number, hint: Measure): FieldList {
  const fields: Field[] = []
  const brokenAt = scan(text, from, to, hint, fields)
  if (brokenAt < 0) return { fields, measure: hint, brokenAt }
  for (const measure of measures) {
    if (measure === hint) continue
    const retry: Field[] = []
    if (scan(text, from, to, measure, retry) < 0) return { fields: retry, measure, brokenAt: -1 }
  }
  return { fields, measure: hint, brokenAt }
}

const measures: readonly Measure[] = ['unit', 'character', 'byte']

/** Two ASCII digits as a number, or -1. */
export function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

function scan(text: string, from: number, to: number, measure: Measure, into: Field[]): number {
  let at = from
  while (at < to) {
    if (at + 4 > to) return at
    const id = twoDigits(text, at)
    const length = twoDigits(text, at + 2)
    if (id < 0 || length < 0) return at
    const start = at + 4
    const end = measure === 'unit' ? start + length : advance(text, start, length, measure)
    if (end < 0 || end > to) return at
    into.push({ id, at, from: start, to: end })
    at = end
  }
  return -1
}

/** Where `length` characters or bytes after `start` end; -1 when that is inside a character. */
function advance(text: string, start: number, length: number, measure: Measure): number {
  let at = start
  let left = length
  while (left > 0 && at < text.length) {
    const point = text.codePointAt(at) as number
    left -=
      measure === 'character' ? 1 : point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    at += point > 0xffff ? 2 : 1
  }
  return left === 0 ? at : -1
}
