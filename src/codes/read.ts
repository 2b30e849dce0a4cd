/** Reads any payment code. */
import { looksLikeCard } from './card.ts'
import type { CodeErrorCode, CodeReading } from './code.ts'
import { CPM_HEAD, readCpm } from './cpm.ts'
import { readLink } from './links.ts'
import { readMpm } from './mpm.ts'
import { readNumeric } from './numeric.ts'
import { growParts } from './parts.ts'
import { Draft } from './reading.ts'
import { isDigits } from './shapes.ts'
import { readText } from './texts.ts'
import { readThaiSlip } from './thai.ts'
import { splitFields } from './tlv.ts'

/** Bodies of the gateway are bounded by the same number. */
const LENGTH_MAX = 65_536

/**
 * What a payload says: never throws, never calls out, and takes time linear in its length.
 * Its errors and warnings are the closed lists of `code.ts`.
 */
export function readCode(payload: string): CodeReading {
  if (payload.length > LENGTH_MAX) return refused('too-long')
  const text = payload.trim()
  if (text === '') return refused('empty')
  const reading = readTrimmed(text)
  if (text.length !== payload.length) reading.warn('surrounding-space')
  return reading
}

/** Each form is known by its first characters; only what is all digits needs a second look. */
function readTrimmed(text: string): Draft {
  if (text.startsWith('0002')) return readMpm(text)
  if (isDigits(text)) return readNumeric(text)
  if (text.startsWith('00')) return readThaiSlip(text) ?? readMpm(text)
  if (text.startsWith(CPM_HEAD)) return readCpm(text)
  const other = readText(text) ?? readLink(text)
  if (other === null) return readUnknown(text)
  other.growsFrom(text, growParts)
  return other
}

function readUnknown(text: string): Draft {
  // EMVCo codes whose first field is not 00 are still shown as what they are.
  if (text.charCodeAt(0) < 58 && splitFields(text, 0, text.length, 'unit').brokenAt < 0) {
    return readMpm(text)
  }
  const digits = text.replaceAll(' ', '').replaceAll('-', '')
  if (isDigits(digits) && looksLikeCard(digits)) return refused('card-number')
  const head = text.slice(0, 16).toLowerCase()
  if (cryptoSchemes.some(scheme => head.startsWith(scheme))) return refused('crypto-currency')
  if (otherSchemes.some(scheme => head.startsWith(scheme))) return refused('not-a-payment')
  return refused('unknown-code')
}

/** BIP 21 and its imitations, EIP 681, BOLT 11. */
const cryptoSchemes = [
  'bitcoin:',
  'bitcoincash:',
  'litecoin:',
  'dogecoin:',
  'ethereum:',
  'solana:',
  'tron:',
  'ripple:',
  'monero:',
  'lightning:',
  'lnbc',
]

/** What else cameras meet. */
const otherSchemes = [
  'wifi:',
  'begin:vcard',
  'begin:vevent',
  'mecard:',
  'mailto:',
  'tel:',
  'sms:',
  'smsto:',
  'geo:',
  'otpauth:',
]

function refused(code: CodeErrorCode): Draft {
  const draft = new Draft('other')
  draft.refuse(code)
  return draft
}
