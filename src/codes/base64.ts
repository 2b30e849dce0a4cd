/** Base64 of RFC 4648, section 4, by hand: this room knows no runtime. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const values = new Int8Array(128).fill(-1)
for (let index = 0; index < alphabet.length; index++) values[alphabet.charCodeAt(index)] = index

/** The bytes, or null when a character or the length is wrong. Padding may be missing. */
export function bytesOf(text: string): Uint8Array | null {
  const end = text.endsWith('==')
    ? text.length - 2
    : text.endsWith('=')
      ? text.length - 1
      : text.length
  if (end % 4 === 1 || (end < text.length && text.length % 4 !== 0)) return null
  const bytes = new Uint8Array((end * 3) >> 2)
  let bits = 0
  let held = 0
  let into = 0
  for (let index = 0; index < end; index++) {
    const value = values[text.charCodeAt(index)] ?? -1
    if (value < 0) return null
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[into++] = held >> bits
  }
  return bytes
}

export function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(index, index + 3)
    const group = (first << 16) | (second << 8) | third
    text += alphabet[group >> 18]
    text += alphabet[(group >> 12) & 63]
    text += index + 1 < bytes.length ? alphabet[(group >> 6) & 63] : '='
    text += index + 2 < bytes.length ? alphabet[group & 63] : '='
  }
  return text
}
