/** The rest of what a code says, as rows of a name and a value. */
import type { CodeReading } from '../codes/index.ts'
import { shown } from './shown.ts'

type Row = readonly [name: string, value: string]

const kinds: Readonly<Record<CodeReading['kind'], string>> = {
  'mpm-emv': 'EMVCo, shown by the merchant',
  'mpm-url': 'Link, shown by the merchant',
  'cpm-emv': 'EMVCo, shown by the payer',
  'cpm-numeric': 'Number, shown by the payer',
  other: 'Text',
}

/** EMVCo field 62; text codes use the same ids for the same things. */
const additional: Readonly<Record<string, string>> = {
  '01': 'Bill number',
  '02': 'Mobile number',
  '03': 'Store',
  '04': 'Loyalty number',
  '05': 'Reference',
  '06': 'Customer',
  '07': 'Terminal',
  '08': 'Purpose',
  '09': 'Data wanted',
  '10': 'Tax id',
  '11': 'Channel',
}

export function rowsOf(reading: CodeReading): readonly Row[] {
  const { tip, proxy, expiresAtMs, families } = reading
  const rows: (readonly [string, string | null])[] = [
    ['Form', reading.families.length === 0 && !reading.valid ? null : kinds[reading.kind]],
    ['Use', reading.initiation === null ? null : uses[reading.initiation]],
    ['Payee', proxy === null ? null : `${proxy.value} (${proxy.type})`],
    ['Category', reading.mcc],
    ['Postal code', reading.postalCode],
    ['Tip', tip === null ? null : `${tip.kind}${tip.value === null ? '' : ` ${tip.value}`}`],
    ['Minor units', reading.amountMinor === null ? null : String(reading.amountMinor)],
    ['Expires', expiresAtMs === null ? null : instant(expiresAtMs)],
    ['Local city', reading.merchantCityLocal],
    ...Object.entries(reading.additionalData).map(
      ([id, value]): Row => [additional[id] ?? `Data ${id}`, value],
    ),
    ...Object.entries(families[0]?.fields ?? {}).map(([name, value]): Row => [words(name), value]),
  ]
  return rows.flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, shown(value)] as const],
  )
}

const uses = { static: 'Again and again (static)', dynamic: 'One purchase (dynamic)' } as const

/** `merchantId` as people write it. */
export const words = (name: string): string => {
  const apart = name.replace(/([a-z])([A-Z0-9])/g, '$1 $2').toLowerCase()
  return apart.charAt(0).toUpperCase() + apart.slice(1)
}

/** A code may state a year that no calendar has. */
const instant = (ms: number): string =>
  Math.abs(ms) <= 8.64e15
    ? `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
    : `${ms} ms`
