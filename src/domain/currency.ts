/** ISO 4217: placeholder until the table lands. */
export interface Currency {
  /** Alphabetic code, three capitals. */
  readonly code: string
  /** Numeric code, three digits. */
  readonly numeric: string
  /** Decimal digits of the minor unit, 0 to 4. */
  readonly exponent: number
  readonly name: string
}
