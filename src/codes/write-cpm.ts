/** Writes EMVCo consumer-presented codes: EMVCo CPM 1.1, one application, as wallets issue them. */
import { base64Of } from './base64.ts'
import { berOf, bytesOfHex } from './ber.ts'
import { CPM_HEAD, readCpm } from './cpm.ts'
import { familyById } from './families.ts'
import { isDigits } from './shapes.ts'
import { Complaints, isPlain, type Written } from './written.ts'

export interface CpmInput {
  readonly family: string
  /** 12 to 19 digits. */
  readonly pan: string
  /** Hexadecimal; the row's first identifier when left out. */
  readonly aid?: string
  readonly label?: string
  readonly cardholderName?: string
  /** Up to four ISO 639 codes without separator. */
  readonly language?: string
  /** Objects of the transparent template (63), tag to value, both hexadecimal. */
  readonly transparent?: Readonly<Record<string, string>>
}

/** Readers must support 512 bytes; more may not fit the till (3.2). */
const BYTES_MAX = 512

export function writeCpm(input: CpmInput): Written {
  const complaints = new Complaints()
  const row = familyById(input.family)
  const aid = input.aid ?? row?.aids[0]
  if (row?.kind !== 'cpm-emv' || aid === undefined) {
    complaints.add('family-unknown', 'family')
    return complaints.or('')
  }
  const isAid = /^([0-9A-F]{2}){5,16}$/.test(aid)
  if (!isAid || !(row.aids.length === 0 || row.aids.some(known => aid.startsWith(known)))) {
    complaints.add('field-shape', 'aid')
  }
  if (input.pan.length < 12 || input.pan.length > 19 || !isDigits(input.pan)) {
    complaints.add('field-shape', 'pan')
  }
  const content = joined([
    hexObject('4F', aid, 'aid', complaints),
    textObject('50', input.label, 16, 'label', complaints),
    hexObject('5A', input.pan.length % 2 === 0 ? input.pan : `${input.pan}F`, 'pan', complaints),
    textObject('5F20', input.cardholderName, 26, 'cardholderName', complaints),
    textObject('5F2D', input.language, 8, 'language', complaints),
    transparent(input.transparent, complaints),
  ])
  const bytes = joined([berOf('85', ascii('CPV01')), berOf('61', content)])
  if (bytes.length > BYTES_MAX) complaints.add('payload-too-long', 'transparent')
  const payload = base64Of(bytes)
  if (!payload.startsWith(CPM_HEAD)) complaints.add('format-unknown', 'family')
  if (complaints.errors.length === 0) {
    for (const { code } of readCpm(payload).errors) complaints.add(code, 'family')
  }
  return complaints.or(payload)
}

function transparent(
  objects: Readonly<Record<string, string>> | undefined,
  complaints: Complaints,
): Uint8Array {
  const entries = Object.entries(objects ?? {})
  if (entries.length === 0) return new Uint8Array()
  const inner = entries.map(([tag, value]) => {
    // Templates inside would be read as more objects; only primitives belong here (4.2.3).
    if (!/^([0-9A-F]{2}){1,2}$/.test(tag)) complaints.add('field-shape', `transparent.${tag}`)
    return hexObject(tag, value, `transparent.${tag}`, complaints)
  })
  return berOf('63', joined(inner))
}

function hexObject(tag: string, hex: string, field: string, complaints: Complaints): Uint8Array {
  const value = bytesOfHex(hex)
  if (value !== null && hex !== '') return berOf(tag, value)
  complaints.add('field-shape', field)
  return new Uint8Array()
}

function textObject(
  tag: string,
  text: string | undefined,
  max: number,
  field: string,
  complaints: Complaints,
): Uint8Array {
  if (text === undefined || text === '') return new Uint8Array()
  if (!isPlain(text)) complaints.add('field-not-ascii', field)
  if (text.length > max) complaints.add('field-too-long', field)
  return berOf(tag, ascii(text))
}

const ascii = (text: string): Uint8Array =>
  Uint8Array.from([...text], character => character.charCodeAt(0))

const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap(part => [...part]))
