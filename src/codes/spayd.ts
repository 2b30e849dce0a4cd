/** Reads SPAYD, the Short Payment Descriptor of Czechia and Slovakia: `SPD*1.0*KEY:value*…`. */
import { currencyByCode } from '../domain/currency.ts'
import type { Family } from './families/row.ts'
import { ibanIsRight } from './iban.ts'
import { decoded } from './link.ts'
import { checkText } from './plain.ts'
import type { Draft } from './reading.ts'
import { stateAmount } from './stated.ts'

export function readSpayd(draft: Draft, row: Family, text: string): void {
  const [, version = '', ...pairs] = text.split('*')
  if (!/^1\.\d$/.test(version)) draft.refuse('version-unsupported')
  const values = new Map<string, string>()
  for (const pair of pairs) {
    if (pair === '') continue
    const sign = pair.indexOf(':')
    if (sign < 1) draft.refuse('field-malformed')
    else if (values.has(pair.slice(0, sign))) draft.refuse('duplicate-field')
    else values.set(pair.slice(0, sign), decoded(pair.slice(sign + 1)))
  }
  readAccount(draft, row, values)
  readSum(draft, values)
  draft.merchantName = values.get('RN') ?? null
  const message = values.get('MSG') ?? ''
  const reference = values.get('X-VS') ?? values.get('RF') ?? ''
  checkText(draft, draft.merchantName ?? '')
  checkText(draft, message)
  draft.additionalData = {
    ...(reference === '' ? {} : { '05': reference }),
    ...(message === '' ? {} : { '08': message }),
  }
}

/** `IBAN` or `IBAN+BIC`; four digits of the IBAN name the bank. */
function readAccount(draft: Draft, row: Family, values: ReadonlyMap<string, string>): void {
  const [iban = '', bic = ''] = (values.get('ACC') ?? '').split('+')
  if (iban === '') draft.refuse('payee-missing')
  else if (!ibanIsRight(iban)) draft.refuse('iban-malformed')
  draft.country = iban.slice(0, 2) || null
  draft.accounts.push({ tag: 'ACC', value: iban })
  const fields = { iban, ...(bic === '' ? {} : { bic }) }
  draft.addFamily(row, fields, iban.slice(4, 8) || null, { type: 'iban', value: iban })
}

function readSum(draft: Draft, values: ReadonlyMap<string, string>): void {
  const code = values.get('CC') ?? ''
  const currency = currencyByCode(code)
  if (currency !== undefined) draft.currency = currency.code
  else if (code !== '') draft.refuse('currency-malformed')
  const amount = values.get('AM') ?? ''
  if (amount !== '') stateAmount(draft, amount)
}
