/** From `name=value` pairs to the input of a writer, for command lines and forms. */

import type { Family } from './families/row.ts'
import { familyById } from './families.ts'
import type { CodeInput } from './write.ts'

export type ParsedInput =
  | { readonly ok: true; readonly value: CodeInput }
  | { readonly ok: false; readonly problem: string }

/**
 * The names each format takes; a `!` marks those it needs. EMVCo merchant codes take their
 * family's.
 */
const formats: Readonly<Record<string, string>> = {
  'cpm-emv': 'family! pan! aid label cardholderName language',
  'cpm-numeric': 'family! prefix! token!',
  upi: 'payee! name! amount mcc reference note mode',
  twqr: 'name! bankCode! account! note',
  swish: 'payee! amount message editable',
  'epc-sct': 'iban! bic name! amount reference text',
  'swiss-qr-bill':
    'iban! name! street houseNumber postalCode! city! country! currency! amount reference message',
  spayd: 'iban! bic amount currency name reference message',
  'ips-rs': 'account! name! amount purpose reference',
  'th-bot-barcode': 'biller! reference1! reference2 amount',
}

const merchantNames =
  'initiation mark tag country currency amount mcc merchantName merchantCity postalCode tip'

/** `format` is a format, or the family of an EMVCo merchant code. */
export function codeInputOf(format: string, pairs: readonly string[]): ParsedInput {
  const values = new Map<string, string>()
  for (const pair of pairs) {
    const sign = pair.indexOf('=')
    if (sign < 1) return problem(`"${pair}" is not name=value`)
    if (values.has(pair.slice(0, sign))) return problem(`"${pair.slice(0, sign)}" is given twice`)
    values.set(pair.slice(0, sign), pair.slice(sign + 1))
  }
  const row = familyById(format)
  const names = Object.hasOwn(formats, format) ? formats[format] : undefined
  if (names !== undefined) return plainInput(format, names.split(' '), values)
  if (row !== undefined && row.marks.length > 0) return merchantInput(row, values)
  return problem(`"${format}" is no format and no family of merchant codes`)
}

const problem = (text: string): ParsedInput => ({ ok: false, problem: text })

function plainInput(
  format: string,
  names: readonly string[],
  values: ReadonlyMap<string, string>,
): ParsedInput {
  const known = names.map(name => name.replace('!', ''))
  const unknown = [...values.keys()].find(name => !known.includes(name))
  if (unknown !== undefined) return problem(`"${unknown}" is none of: ${known.join(', ')}`)
  const missing = names.find(name => name.endsWith('!') && !values.has(name.slice(0, -1)))
  if (missing !== undefined) return problem(`"${missing.slice(0, -1)}" is needed`)
  const editable = values.get('editable')
  const rest = Object.fromEntries(values)
  const input = {
    format,
    ...rest,
    ...(editable === undefined ? {} : { editable: editable.split(',') }),
  }
  // Names and presence are checked, every value is a string, and writers check the values.
  return { ok: true, value: input as unknown as CodeInput }
}

/** Names of the family's fields go to its account; `62.05` and the like to the additional data. */
function merchantInput(row: Family, values: ReadonlyMap<string, string>): ParsedInput {
  const fields: Record<string, string> = {}
  const additionalData: Record<string, string> = {}
  const merchant: Record<string, string> = {}
  const names = row.marks[Number(values.get('mark') ?? 0)]?.fields
  if (names === undefined) return problem(`${row.id} has marks 0 to ${row.marks.length - 1}`)
  for (const [name, value] of values) {
    if (Object.hasOwn(names, name)) fields[name] = value
    else if (name.startsWith('62.')) additionalData[name.slice(3)] = value
    else if (merchantNames.split(' ').includes(name)) merchant[name] = value
    else return problem(`"${name}" is none of: ${Object.keys(names).join(', ')}, ${merchantNames}`)
  }
  const { initiation, mark = '0', tag, tip, ...shop } = merchant
  const account = {
    family: row.id,
    fields,
    mark: Number(mark),
    ...(tag === undefined ? {} : { tag }),
  }
  const input = {
    format: 'mpm-emv',
    initiation: initiation === 'dynamic' || shop.amount !== undefined ? 'dynamic' : 'static',
    accounts: [account],
    additionalData,
    ...shop,
    ...(tip === undefined ? {} : { tip: tipOf(tip) }),
  }
  return { ok: true, value: input as unknown as CodeInput }
}

/** `prompt`, `5.00` or `7.5%`. */
function tipOf(tip: string) {
  if (tip === 'prompt') return { kind: 'prompt' }
  return tip.endsWith('%')
    ? { kind: 'percentage', value: tip.slice(0, -1) }
    : { kind: 'fixed', value: tip }
}
