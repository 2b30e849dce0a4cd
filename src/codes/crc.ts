/**
 * CRC-16/CCITT-FALSE over UTF-8: polynomial 0x1021, start 0xFFFF, nothing reflected, nothing added.
 * EMVCo Merchant-Presented Mode 1.1, section 4.7.3 (ISO/IEC 13239).
 */
export function crc16(text: string, end: number): number {
  let crc = 0xffff
  for (let index = 0; index < end; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) crc = ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ unit] as number)
    else if (unit < 0x800) {
      crc = step(crc, 0xc0 | (unit >> 6))
      crc = step(crc, 0x80 | (unit & 0x3f))
    } else if (unit >= 0xd800 && unit < 0xe000) {
      const point = text.codePointAt(index) as number
      // Half a surrogate pair has no UTF-8; encoders write U+FFFD for it, so that is what was summed.
      const pair = point > 0xffff && index + 1 < end
      crc = pair ? astral(crc, point) : threeBytes(crc, 0xfffd)
      if (pair) index++
    } else crc = threeBytes(crc, unit)
  }
  return crc
}

/** Four capital hexadecimal digits, as field 63 wants them. */
export const crcText = (crc: number): string => crc.toString(16).toUpperCase().padStart(4, '0')

const step = (crc: number, byte: number): number =>
  ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ byte] as number)

const threeBytes = (crc: number, point: number): number =>
  step(step(step(crc, 0xe0 | (point >> 12)), 0x80 | ((point >> 6) & 0x3f)), 0x80 | (point & 0x3f))

function astral(crc: number, point: number): number {
  const head = step(step(crc, 0xf0 | (point >> 18)), 0x80 | ((point >> 12) & 0x3f))
  return step(step(head, 0x80 | ((point >> 6) & 0x3f)), 0x80 | (point & 0x3f))
}

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc & 0xffff
})
