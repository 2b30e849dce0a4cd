/**
 * Just enough of EMVCo Merchant-Presented Mode 1.1 for a member to print its own codes and to read them back.
 * The gateway reads codes with its own, far stricter reader; members share nothing with it.
 */

/** One field: id, length, value. A template's value is fields itself. */
export const field = (id: string, value: string): string =>
  `${id}${value.length.toString().padStart(2, '0')}${value}`

/** Puts the checksum (63) after the fields. */
export function sealed(fields: string): string {
  const payload = `${fields}6304`
  return payload + checksum(payload)
}

/** The fields of one level by id; null where the text is no chain of fields. */
export function readFields(text: string): ReadonlyMap<string, string> | null {
  const fields = new Map<string, string>()
  for (let at = 0; at < text.length; ) {
    const head = /^(\d\d)(\d\d)/.exec(text.slice(at, at + 4))
    if (head === null) return null
    const end = at + 4 + Number(head[2])
    if (end > text.length) return null
    fields.set(head[1] ?? '', text.slice(at + 4, end))
    at = end
  }
  return fields
}

/** CRC-16/CCITT-FALSE in four capital hexadecimal digits (EMVCo MPM 1.1, 4.7.3); members print ASCII only. */
export function checksum(text: string): string {
  let crc = 0xffff
  for (let index = 0; index < text.length; index++) {
    crc ^= text.charCodeAt(index) << 8
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
    }
  }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}
