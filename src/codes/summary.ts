/** A reading as one flat record, for lines of JSON: names of families and codes of errors only. */
import type { CodeReading } from './code.ts'

export const summaryOf = (reading: CodeReading) => ({
  valid: reading.valid,
  errors: reading.errors.map(each => each.code),
  payable: reading.payable,
  families: reading.families.map(each => each.id),
  presentment: reading.presentment,
  kind: reading.kind,
  country: reading.country,
  currency: reading.currency,
  amount: reading.amount,
  amountMinor: reading.amountMinor === null ? null : reading.amountMinor.toString(),
  merchantName: reading.merchantName,
  merchantCity: reading.merchantCity,
  mcc: reading.mcc,
  initiation: reading.initiation,
  warnings: [...reading.warnings],
})
