/** Reads the NBS IPS QR of Serbia: `K:PR|V:01|C:1|R:…|N:…|I:RSD1025,00`. */
import type { Family } from './families/row.ts'
import { linesOf } from './lines.ts'
import { checkText } from './plain.ts'
import type { Draft } from './reading.ts'
import { isDigits } from './shapes.ts'
import { stateAmount } from './stated.ts'

/** Bill by the payee, by a till, and the two that a payer shows. */
const kinds = ['PR', 'PT', 'PK', 'EK']

export function readIps(draft: Draft, row: Family, text: string): void {
  const values = new Map<string, string>()
  for (const pair of text.split('|')) {
    const sign = pair.indexOf(':')
    if (sign < 1) draft.refuse('field-malformed')
    else if (values.has(pair.slice(0, sign))) draft.refuse('duplicate-field')
    else values.set(pair.slice(0, sign), pair.slice(sign + 1))
  }
  const kind = values.get('K') ?? ''
  if (!kinds.includes(kind)) draft.refuse('function-unsupported')
  if (values.get('V') !== '01') draft.refuse('version-unsupported')
  if (kind === 'PK' || kind === 'EK') draft.presentment = 'consumer'
  const account = values.get('R') ?? ''
  if (account === '') draft.refuse('payee-missing')
  else if (account.length !== 18 || !isDigits(account)) draft.refuse('account-malformed')
  readPayee(draft, values)
  readSum(draft, values.get('I') ?? '')
  draft.accounts.push({ tag: 'R', value: account })
  const proxy = { type: 'account', value: account } as const
  draft.addFamily(row, { account, kind }, account.slice(0, 3) || null, proxy)
}

/** Name and address share a field, one line each. */
function readPayee(draft: Draft, values: ReadonlyMap<string, string>): void {
  const [name = '', , city = ''] = linesOf(values.get('N') ?? '')
  draft.merchantName = name || null
  draft.merchantCity = city || null
  const mcc = values.get('M') ?? ''
  draft.mcc = mcc || null
  const purpose = values.get('S') ?? ''
  const reference = values.get('RO') ?? ''
  checkText(draft, name)
  draft.additionalData = {
    ...(reference === '' ? {} : { '05': reference }),
    ...(purpose === '' ? {} : { '08': purpose }),
  }
}

/** `RSD` and an amount with a decimal comma. */
function readSum(draft: Draft, sum: string): void {
  if (sum === '') return
  if (sum.startsWith('RSD')) stateAmount(draft, sum.slice(3).replace(',', '.'))
  else draft.refuse('scheme-conflict')
}
