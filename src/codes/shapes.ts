/** Shapes of values, scanned by hand so that no input can make them slow. */
import { ibanIsRight } from './iban.ts'

// biome-ignore format: a table is read by column
export const shapes = {
  'any':            text => text.length > 0,
  'digits':         text => isDigits(text),
  'digits-2':       text => text.length === 2 && isDigits(text),
  'digits-3':       text => text.length === 3 && isDigits(text),
  'digits-4':       text => text.length === 4 && isDigits(text),
  'digits-5':       text => text.length === 5 && isDigits(text),
  'digits-6':       text => text.length === 6 && isDigits(text),
  'digits-8':       text => text.length === 8 && isDigits(text),
  'digits-13':      text => text.length === 13 && isDigits(text),
  'digits-14':      text => text.length === 14 && isDigits(text),
  'digits-15':      text => text.length === 15 && isDigits(text),
  'digits-28':      text => text.length === 28 && isDigits(text),
  'date':           text => (text.length === 8 || text.length === 14) && isDigits(text),
  'thai-mobile':    text => text.length === 13 && text.startsWith('0066') && isDigits(text),
  'mobile':         text => isMobile(text),
  'hk-mobile':      text => text[0] === '+' && isDigits(text.slice(1).replace('-', '')),
  'email':          text => isAddress(text) && text.includes('.', text.indexOf('@')),
  'address':        text => isAddress(text),
  'paynow-proxy':   text => isMobile(text) || isAlphanumeric(text),
  'flag':           text => text === '0' || text === '1',
  'paynow-type':    text => text === '0' || text === '2',
  'bin':            text => text.length === 6 && text.startsWith('97') && isDigits(text),
  'account-19':     text => text.length <= 19 && isAlphanumeric(text),
  'vietqr-service': text => text.startsWith('QR') && isAlphanumeric(text),
  'mpan':           text => isMpan(text),
  'nmid':           text => text.startsWith('ID') && isAlphanumeric(text),
  'bic':            text => (text.length === 8 || text.length === 11) && isAlphanumeric(text),
  'iban':           text => ibanIsRight(text),
  'pk-iban':        text => text.startsWith('PK') && text.length === 24 && isAlphanumeric(text),
  'uuid-32':        text => text.length === 32 && isAlphanumeric(text),
  'nchl':           text => text.startsWith('NCHL'),
  'pix-url':        text => isBareUrl(text),
  'ifsc':           text => text.length > 11 && isLetters(text.slice(0, 4)) && text[4] === '0',
  'rupay':          text => text.length >= 15 && text[0] === '6' && isDigits(text),
  'unionpay':       text => isUnionPay(text),
  'qpay-iin':       text => isUnionPay(text) && text.startsWith('27940496'),
  'domain':         text => isDomain(text),
  'co-domain':      text => text.toUpperCase().startsWith('CO.COM.') && isDomain(text),
  'cuit-word':      text => text.toUpperCase() === 'CUIT',
  'ms-13':          text => text.length === 13 && isDigits(text),
} as const satisfies Record<string, (text: string) => boolean>
export type ShapeName = keyof typeof shapes

export const hasShape = (shape: ShapeName, text: string): boolean => shapes[shape](text)

export function isDigits(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 48 || unit > 57) return false
  }
  return text.length > 0
}

export function isLetters(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index) | 32
    if (unit < 97 || unit > 122) return false
  }
  return text.length > 0
}

export function isAlphanumeric(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    const letter = unit | 32
    if ((unit < 48 || unit > 57) && (letter < 97 || letter > 122)) return false
  }
  return text.length > 0
}

/** E.164: plus, then 7 to 15 digits. */
const isMobile = (text: string): boolean =>
  text[0] === '+' && text.length >= 8 && text.length <= 16 && isDigits(text.slice(1))

/** `name@place`, with exactly one `@`. */
function isAddress(text: string): boolean {
  const sign = text.indexOf('@')
  return (
    sign > 0 && sign < text.length - 1 && text.indexOf('@', sign + 1) < 0 && !text.includes(' ')
  )
}

/**
 * Merchant PAN of the Indonesian numbering system: 9360, four digits of the institution, the
 * merchant.
 */
const isMpan = (text: string): boolean =>
  text.length >= 15 && text.length <= 19 && text.startsWith('9360') && isDigits(text)

/** Pix writes host and path without the protocol (Manual de Padrões para Iniciação do Pix, 2.6). */
const isBareUrl = (text: string): boolean =>
  !text.includes('://') && text.indexOf('/') > 0 && text.indexOf('.') > 0 && !text.includes(' ')

/**
 * Acquirer IIN, forwarding IIN, merchant id: 8 + 8 + 15. Each IIN ends in `0` and the ISO 3166
 * number. Inferred from codes of six markets; fillers (Nigeria, Nepal) do not have it.
 */
const isUnionPay = (text: string): boolean =>
  text.length === 31 && text[4] === '0' && text[12] === '0' && isDigits(text.slice(0, 16))

/** A reverse domain: labels of letters, digits and hyphens, at least two. */
function isDomain(text: string): boolean {
  const labels = text.split('.')
  return labels.length > 1 && labels.every(label => isAlphanumeric(label.replaceAll('-', '')))
}
