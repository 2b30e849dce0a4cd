/** The parse tree of a consumer code, for display. Card numbers show only their ends. */
import { bytesOf } from './base64.ts'
import { type BerField, berFields, hexOf } from './ber.ts'
import { maskedPan } from './card.ts'
import type { CodeNode } from './code.ts'

export function growCpm(payload: string): readonly CodeNode[] {
  const bytes = bytesOf(payload)
  const fields = bytes === null ? null : berFields(bytes, 0, bytes.length)
  return bytes === null || fields === null ? [] : fields.map(field => nodeOf(bytes, field))
}

function nodeOf(bytes: Uint8Array, field: BerField): CodeNode {
  const { tag, at, from, to, children } = field
  return {
    id: tag,
    name: names[tag] ?? 'Unknown object',
    at: character(at),
    from: character(from),
    to: Math.ceil((to * 4) / 3),
    // A template's own value would spell out the card number inside it.
    value: children.length > 0 ? '' : shown(tag, hexOf(bytes, from, to)),
    children: children.map(child => nodeOf(bytes, child)),
  }
}

/** Three bytes are four characters: the character in which a byte begins. */
const character = (byte: number): number => Math.floor((byte * 4) / 3)

function shown(tag: string, hex: string): string {
  if (tag === '5A' || tag === '57') return maskedPan(/^\d*/.exec(hex)?.[0] ?? '')
  return asText.has(tag) ? textOfHex(hex) : hex
}

function textOfHex(hex: string): string {
  let text = ''
  for (let index = 0; index < hex.length; index += 2) {
    text += String.fromCharCode(Number.parseInt(hex.slice(index, index + 2), 16))
  }
  return text
}

const asText = new Set(['85', '50', '5F20', '5F2D', '5F50', '9F12'])

/** EMVCo CPM 1.1, tables 4.1 to 4.5. */
// biome-ignore format: a table is read by column
const names: Readonly<Record<string, string>> = {
  '85':   'Payload format indicator',
  '61':   'Application template',
  '62':   'Common data template',
  '63':   'Application transparent template',
  '64':   'Common transparent template',
  '4F':   'Application (ADF name)',
  '50':   'Application label',
  '57':   'Track 2 equivalent data',
  '5A':   'Account number (PAN)',
  '5F20': 'Cardholder name',
  '5F2D': 'Language preference',
  '5F34': 'PAN sequence number',
  '5F50': 'Issuer address',
  '9F08': 'Application version',
  '9F19': 'Token requestor',
  '9F24': 'Payment account reference',
  '9F25': 'Last four digits',
  '9F26': 'Application cryptogram',
  '9F27': 'Cryptogram information',
  '9F10': 'Issuer application data',
  '9F36': 'Application transaction counter',
  '9F37': 'Unpredictable number',
  '9F74': 'Issuer QR data',
  '82':   'Application interchange profile',
}
