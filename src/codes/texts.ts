/** Reads text codes: bills, transfers and slips that are written as lines, stars or JSON. */

import { readCodi } from './codi.ts'
import { readEpc } from './epc.ts'
import type { Family, TextHead } from './families/row.ts'
import { families } from './families.ts'
import { readIps } from './ips.ts'
import { Draft } from './reading.ts'
import { readSpayd } from './spayd.ts'
import { readSwish } from './swish.ts'
import { readSwissBill } from './swiss.ts'
import { readThaiBarcode } from './thai.ts'

export type TextReader = (draft: Draft, row: Family, text: string) => void

// biome-ignore format: a table is read by column
const textReaders = {
  'swiss':        readSwissBill,
  'epc':          readEpc,
  'spayd':        readSpayd,
  'swish':        readSwish,
  'ips':          readIps,
  'codi':         readCodi,
  'thai-barcode': readThaiBarcode,
} as const satisfies Record<string, TextReader>
export type TextReaderName = keyof typeof textReaders

/** Null when no family's text begins like this one. */
export function readText(text: string): Draft | null {
  const match = heads.find(({ head }) => text.startsWith(head.starts) && isHead(head, text))
  if (match === undefined) return null
  const { row, head } = match
  const draft = new Draft('other')
  draft.presentment = row.presentment
  draft.country = row.market
  draft.currency = row.currencies.length === 1 ? (row.currencies[0] ?? null) : null
  textReaders[head.read](draft, row, text)
  return draft.settle()
}

/** One letter is too little to know a format by: something of its own must follow. */
function isHead({ read }: TextHead, text: string): boolean {
  if (read === 'codi') return text.includes('"TYP"')
  if (read === 'ips') return text.includes('|V:')
  if (read !== 'swish') return true
  const first = text[1] ?? ''
  return text.includes(';') && (first === '+' || first === ';' || (first >= '0' && first <= '9'))
}

const heads: readonly { readonly row: Family; readonly head: TextHead }[] = families
  .flatMap(row => row.texts.map(head => ({ row, head })))
  .toSorted((one, other) => other.head.starts.length - one.head.starts.length)
