/** BER-TLV as consumer codes use it: ISO/IEC 8825-1 with definite lengths, EMV Book 3, annex B. */
export interface BerField {
  /** Hexadecimal, upper case. */
  readonly tag: string
  /** Offsets in bytes: of the tag, of the value, and of its end. */
  readonly at: number
  readonly from: number
  readonly to: number
  readonly children: readonly BerField[]
}

/** EMVCo nests two levels (61 and 63); more is hostile. */
const DEPTH_MAX = 4

/** The fields between two offsets, or null when they do not close exactly. */
export function berFields(
  bytes: Uint8Array,
  from: number,
  to: number,
  depth = 1,
): BerField[] | null {
  const fields: BerField[] = []
  let at = from
  while (at < to) {
    const tagEnd = endOfTag(bytes, at, to)
    const length = tagEnd < 0 ? null : lengthAt(bytes, tagEnd, to)
    if (length === null) return null
    const end = length.from + length.value
    if (end > to) return null
    const nests = ((bytes[at] as number) & 0x20) !== 0 && depth < DEPTH_MAX
    const inner = nests ? berFields(bytes, length.from, end, depth + 1) : []
    if (inner === null) return null
    fields.push({ tag: hexOf(bytes, at, tagEnd), at, from: length.from, to: end, children: inner })
    at = end
  }
  return fields
}

/**
 * Tags have one byte, or go on while the high bit is set; EMV uses at most two, three are bearable.
 */
function endOfTag(bytes: Uint8Array, at: number, to: number): number {
  if (((bytes[at] as number) & 0x1f) !== 0x1f) return at + 1
  for (let index = at + 1; index < to && index < at + 3; index++) {
    if (((bytes[index] as number) & 0x80) === 0) return index + 1
  }
  return -1
}

interface Length {
  readonly value: number
  readonly from: number
}

/** Short form up to 127; long form with one or two bytes, more than any code holds. */
function lengthAt(bytes: Uint8Array, at: number, to: number): Length | null {
  if (at >= to) return null
  const first = bytes[at] as number
  if (first < 0x80) return { value: first, from: at + 1 }
  if (first === 0x81 && at + 1 < to) return { value: bytes[at + 1] as number, from: at + 2 }
  if (first !== 0x82 || at + 2 >= to) return null
  return { value: ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number), from: at + 3 }
}

export function hexOf(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let index = from; index < to; index++) {
    text += (bytes[index] as number).toString(16).padStart(2, '0')
  }
  return text.toUpperCase()
}

/** The bytes of a hexadecimal text, or null. */
export function bytesOfHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0) return null
  const bytes = new Uint8Array(text.length / 2)
  for (let index = 0; index < bytes.length; index++) {
    const high = hexDigit(text.charCodeAt(index * 2))
    const low = hexDigit(text.charCodeAt(index * 2 + 1))
    if (high < 0 || low < 0) return null
    bytes[index] = (high << 4) | low
  }
  return bytes
}

/** The value of a hexadecimal digit by its character code, or -1. */
export function hexDigit(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48
  const letter = unit | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** One tag with its value, length in the shortest form. */
export function berOf(tag: string, value: Uint8Array): Uint8Array {
  const head = bytesOfHex(tag) ?? new Uint8Array()
  const { length } = value
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Uint8Array.from([...head, ...size, ...value])
}
