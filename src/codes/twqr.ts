/**
 * Reads TWQR: `TWQRP://<name>/158/<type>/V1?D1=…`; 158 is Taiwan, type 01 a purchase, 02 a
 * transfer. The unit of D1 differs between banks (cents or dollars), so it is shown but never
 * counted.
 */
import type { Family } from './families/row.ts'
import { decoded, type LinkParts, parameters } from './link.ts'
import { checkText } from './plain.ts'
import type { Draft } from './reading.ts'
import { isDigits } from './shapes.ts'

export function readTwqr(draft: Draft, row: Family, parts: LinkParts): void {
  const [, country = '', type = ''] = parts.path.split('/')
  const { values, isTwice } = parameters(parts.query)
  const said = (name: string): string | null => values.get(name) || null
  if (isTwice) draft.refuse('duplicate-field')
  if (country !== '158') draft.refuse('scheme-conflict')
  if (type.length !== 2 || !isDigits(type)) draft.refuse('version-unsupported')
  if ((said('d10') ?? '901') !== '901') draft.refuse('scheme-conflict')
  draft.merchantName = decoded(parts.authority) || null
  if (draft.merchantName !== null) checkText(draft, draft.merchantName)
  readAmount(draft, said('d1'))
  const order = said('d2')
  const note = said('d9')
  draft.additionalData = {
    ...(order === null ? {} : { '01': order }),
    ...(note === null ? {} : { '08': note }),
  }
  readPayee(draft, row, type, said)
}

function readAmount(draft: Draft, amount: string | null): void {
  if (amount === null) return
  draft.amount = amount
  if (isDigits(amount)) draft.warn('amount-unit-unverified')
  else draft.refuse('amount-malformed')
}

/** A transfer names bank (D5) and account (D6); a purchase its acquirer (D11). */
function readPayee(
  draft: Draft,
  row: Family,
  type: string,
  said: (name: string) => string | null,
): void {
  const bank = said('d5')
  const account = said('d6')
  const acquirer = said('d11')
  if (type === '02' && (bank === null || account === null)) draft.refuse('payee-missing')
  const fields = {
    type,
    ...(bank === null ? {} : { bankCode: bank }),
    ...(account === null ? {} : { account }),
    ...(acquirer === null ? {} : { acquirer }),
  }
  const proxy = account === null ? null : ({ type: 'account', value: account } as const)
  draft.addFamily(row, fields, bank ?? acquirer, proxy)
  if (account !== null) draft.accounts.push({ tag: 'D6', value: account })
}
