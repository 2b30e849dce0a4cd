/** What a merchant's code says by itself of the order that it asks to be paid for. */
import type { CodeReading, CodeWarning, FamilyReading } from './code.ts'

export interface CodedOrder {
  readonly merchant: {
    /** The account in the code, as the scheme knows the merchant by it. */
    readonly id: string
    readonly name: string
    readonly city: string
    readonly mcc: string
    readonly country: string
  }
  /** The bill or reference that a till put into the code; null on a counter's. */
  readonly reference: string | null
  readonly currency: string
}

/** Who reads a code with one of these and believes it may be led astray. */
const doubtful: ReadonlySet<CodeWarning> = new Set([
  'amount-unit-unverified',
  'bidi-control',
  'control-character',
  'currency-unknown',
  'duplicate-sub-field',
  'foreign-account',
  'look-alike-name',
  'malformed-template',
  'non-ascii-in-ans-field',
  'tip-inconsistent',
])

/** The fields of families that hold the merchant's own number, best first. */
const accountFields = ['merchantId', 'nmid', 'merchantAccount', 'accountNumber'] as const

const IDENTIFIER = /^[A-Za-z0-9_.:-]{1,64}$/

/** Bill number before reference label (EMVCo MPM 1.1, table 3.7). */
const referenceFields = ['01', '05'] as const
/** What the wallet is to ask its user for; `***` in any other field says the same of that one. */
const CONSUMER_DATA = '09'
const PROMPT = '***'

/** Longer ones (UTF-16 units) go to their acquirer before they are paid: whatever a person scans is shorter. */
export const CODED_MAX = 512

/**
 * The order as its code states it, or null where anything is left to ask: who is paid and where, the category, the
 * currency, a tip, something from the payer, which sale a till's code is for, or whether the code can be believed.
 */
export function codedOrder(reading: CodeReading, family: FamilyReading): CodedOrder | null {
  const { mcc, country, currency, tip } = reading
  const name = reading.merchantName?.trim()
  const city = reading.merchantCity?.trim()
  const id = accountFields.map(field => family.fields[field]).find(value => value !== undefined)
  if (id === undefined || !IDENTIFIER.test(id)) return null
  if (!name || !city || mcc === null || country === null || currency === null) return null
  if (tip !== null || reading.warnings.some(warning => doubtful.has(warning))) return null
  const { additionalData } = reading
  const asks = Object.values(additionalData).includes(PROMPT)
  if (asks || additionalData[CONSUMER_DATA] !== undefined) return null
  const stated = referenceFields.flatMap(field => additionalData[field] ?? [])
  // One that cannot be passed on as it is may be what keeps a sale from being paid twice.
  if (!stated.every(value => IDENTIFIER.test(value))) return null
  const [reference = null] = stated
  if (reference === null && reading.initiation !== 'static') return null
  return { merchant: { id, name, city, mcc, country }, reference, currency }
}
