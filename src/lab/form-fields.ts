/** What the form of a scheme asks for, taken from the table of families, with an example of each field. */
import { families, familyById } from '../codes/index.ts'
import { words } from './facts.ts'
import { formatNames } from './form-formats.ts'

export interface FormField {
  readonly name: string
  readonly label: string
  readonly required: boolean
  readonly example: string
}

export interface Choice {
  readonly id: string
  readonly name: string
}

/** Merchant codes that a row can write, and the formats that are no EMVCo merchant code. */
export const merchantChoices = (): readonly Choice[] =>
  families
    .filter(({ kind, marks, payable }) => kind === 'mpm-emv' && marks.length > 0 && payable)
    .map(({ id, name, market }) => ({ id, name: market === null ? name : `${name} · ${market}` }))
    .toSorted((one, other) => one.name.localeCompare(other.name))

export const otherChoices = (): readonly Choice[] =>
  Object.entries(formatNames).map(([id, { title }]) => ({ id, name: title }))

export function fieldsOf(format: string): readonly FormField[] {
  const other = formatNames[format]
  if (other !== undefined) {
    return Object.entries(other.fields).map(([name, example]) => ({
      name: name.replace('!', ''),
      label: words(name.replace('!', '')),
      required: name.endsWith('!'),
      example,
    }))
  }
  return merchantFields(format)
}

/** At most the first choice of a scheme’s ways to name the payee is filled in. */
function merchantFields(id: string): FormField[] {
  const row = familyById(id)
  const [mark] = row?.marks ?? []
  if (row === undefined || mark === undefined) return []
  const own = Object.entries(mark.fields).filter(
    ([, { path }]) => path !== '00' || mark.guid === undefined,
  )
  const anyRequired = own.some(([, { required }]) => required === true)
  const account = own.map(([name, { shape, required = false }], index) => ({
    name,
    label: words(name),
    required,
    example:
      required || (!anyRequired && index === 0)
        ? (examples[`${id}.${name}`] ?? examples[shape ?? 'any'] ?? '')
        : '',
  }))
  const [currency = ''] = row.currencies
  const market = [
    ...(row.market === null
      ? [{ name: 'country', label: 'Country', required: true, example: 'SG' }]
      : []),
    ...(row.currencies.length === 1
      ? []
      : [{ name: 'currency', label: 'Currency', required: true, example: currency || 'SGD' }]),
  ]
  const shop = [
    {
      name: 'merchantName',
      label: 'Merchant name',
      required: !row.anonymous,
      example: 'Corner Shop',
    },
    { name: 'merchantCity', label: 'Merchant city', required: !row.anonymous, example: 'Old Town' },
    { name: 'mcc', label: 'Category (MCC)', required: false, example: row.anonymous ? '' : '5411' },
    { name: '62.05', label: 'Reference (62.05)', required: false, example: '' },
  ]
  const amount = {
    name: 'amount',
    label: `Amount${currency === '' ? '' : ` in ${currency}`}`,
    required: false,
    example: '',
  }
  return [amount, ...account, ...market, ...shop]
}

/** A value of each shape, and of single fields whose rules go beyond their shape. */
const examples: Readonly<Record<string, string>> = {
  any: 'SHOP0001',
  digits: '10023456',
  'digits-2': '01',
  'digits-3': '001',
  'digits-4': '1234',
  'digits-5': '12345',
  'digits-6': '123456',
  'digits-8': '12345678',
  'digits-13': '3100602345678',
  'digits-14': '20301231235959',
  'digits-15': '010555400871601',
  'digits-28': '0100200300400500600700800900',
  date: '20301231',
  'thai-mobile': '0066812345678',
  mobile: '+6591234567',
  'hk-mobile': '+852-61234567',
  email: 'shop@mail.example',
  address: 'shop@bank',
  'paynow-proxy': '201403121W',
  'paynow-type': '2',
  flag: '1',
  bin: '970436',
  'account-19': '0011004123456',
  'vietqr-service': 'QRIBFTTA',
  mpan: '936008990455017001',
  nmid: 'ID1023290455017',
  bic: 'BANKSGSG',
  iban: 'BE71096123456769',
  'pk-iban': 'PK36SCBL0000001123456702',
  'ms-13': '1924991999000',
  unionpay: '0308070200010702898110058140017',
  domain: 'COM.EXAMPLE.WWW',
  'qris.acquirerDomain': 'ID.CO.NUSAPAY.WWW',
  'visa.merchantAccount': '4990123456789012',
}
