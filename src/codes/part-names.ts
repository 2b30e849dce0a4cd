/** What the lines and parameters of text codes are called, by family. */

const address = (who: string) =>
  ['address type', 'name', 'street', 'house number', 'postal code', 'town', 'country'].map(
    each => `${who}, ${each}`,
  )

/** In order of the lines: EPC069-12, section 3.1; SIX guidelines 2.3, table 8. */
const lines: Readonly<Record<string, readonly string[]>> = {
  'epc-sct': [
    'Service tag',
    'Version',
    'Character set',
    'Identification',
    'BIC',
    'Payee',
    'IBAN',
    'Amount',
    'Purpose',
    'Structured reference',
    'Text',
    'Note to the payer',
  ],
  'swiss-qr-bill': [
    'Type',
    'Version',
    'Character set',
    'IBAN',
    ...address('Creditor'),
    ...address('Ultimate creditor'),
    'Amount',
    'Currency',
    ...address('Debtor'),
    'Reference type',
    'Reference',
    'Message',
    'End',
    'Billing details',
    'Alternative scheme',
    'Alternative scheme',
  ],
}

/** NPCI UPI linking specification; SPAYD 1.0; IPS QR of the National Bank of Serbia. */
// biome-ignore format: a table is read by column
const parameters: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'upi':    { pa: 'Payee address', pn: 'Payee name', am: 'Amount', cu: 'Currency', mc: 'Merchant category', tr: 'Reference', tn: 'Note', mam: 'Minimum amount', mode: 'Mode', orgid: 'Organisation', sign: 'Signature', ver: 'Version', purpose: 'Purpose' },
  'spayd':  { ACC: 'Account', AM: 'Amount', CC: 'Currency', MSG: 'Message', RN: 'Payee', RF: 'Reference', DT: 'Due date', 'X-VS': 'Variable symbol', 'X-SS': 'Specific symbol', 'X-KS': 'Constant symbol' },
  'ips-rs': { K: 'Kind', V: 'Version', C: 'Character set', R: 'Account', N: 'Payee', I: 'Amount', SF: 'Purpose', S: 'Purpose in words', RO: 'Reference', P: 'Payer' },
}

export const lineName = (family: string | undefined, line: number): string =>
  lines[family ?? '']?.[line - 1] ?? `Line ${line}`

export function parameterName(family: string | undefined, id: string): string {
  const names = parameters[family ?? '']
  return names !== undefined && Object.hasOwn(names, id) ? (names[id] ?? id) : 'Parameter'
}
