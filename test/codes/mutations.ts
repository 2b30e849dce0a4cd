/** Hostile payloads from a seed: mutated vectors, broken structures, random text of any length. */
import { crc16, crcText } from '../../src/codes/crc.ts'

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function hostilePayload(random: () => number, pool: readonly string[]): string {
  const pick = (count: number): number => Math.floor(random() * count)
  const base = pool[pick(pool.length)] ?? ''
  if (random() < 0.05) return randomText(random, pick(random() < 0.02 ? 65_600 : 600))
  let text = base
  for (let count = 1 + pick(4); count > 0; count--) text = mutated(text, random, pick)
  // A right checksum lets the damage reach what lies behind it.
  return random() < 0.4 && text.startsWith('00') ? resealed(text) : text
}

function mutated(text: string, random: () => number, pick: (count: number) => number): string {
  const at = pick(text.length + 1)
  const head = text.slice(0, at)
  const tail = text.slice(at)
  switch (pick(10)) {
    case 0:
      return head
    case 1:
      return head + odd[pick(odd.length)] + tail
    case 2:
      return head + tail.slice(1 + pick(4))
    case 3:
      return head + tail.slice(0, 20) + tail
    case 4:
      return head + String(pick(100)).padStart(2, '0') + tail.slice(2)
    case 5:
      return head + String.fromCharCode(pick(random() < 0.8 ? 128 : 65_536)) + tail.slice(1)
    case 6:
      return text.toLowerCase()
    case 7:
      return nested(pick(40)) + tail
    case 8:
      return (head + tail).repeat(1 + pick(3))
    default:
      return `https://qr.example/?q=${encodeURIComponent(text.toWellFormed())}`
  }
}

/**
 * What has broken readers: separators, controls, marks of direction, halves of pairs, look-alikes.
 */
const odd = [
  '',
  '\0',
  '\n',
  '\r\n',
  '\u001b[2J',
  '\u202e',
  '\u2066',
  '\ud83d',
  '\udc00',
  '😀',
  '５',
  'А',
  '\ufeff',
  '%',
  '%zz',
  '%2',
  '&',
  '#',
  '?',
  '@',
  '\\',
  '|',
  '*',
  ';',
  '{"TYP":',
  '63040000',
  '5400',
  '5403000',
  '4111111111111111',
  '000201',
  'upi://pay?pa=',
  '9'.repeat(99),
  '__proto__',
  'constructor',
]

/** Templates inside templates. */
function nested(depth: number): string {
  let text = '0000'
  for (let count = 0; count < depth && text.length < 96; count++) {
    text = `26${String(text.length).padStart(2, '0')}${text}`
  }
  return text
}

function randomText(random: () => number, length: number): string {
  const plain = random() < 0.5
  let text = ''
  for (let count = 0; count < length; count++) {
    text += String.fromCharCode(Math.floor(random() * (plain ? 95 : 65_536)) + (plain ? 32 : 0))
  }
  return text
}

function resealed(text: string): string {
  const mark = text.lastIndexOf('6304')
  const body = `${mark < 0 ? text : text.slice(0, mark)}6304`
  return body + crcText(crc16(body, body.length))
}
