/** Random values of the shapes that the table of families names. */
import fc from 'fast-check'
import { checkDigits97 } from '../../src/codes/iban.ts'
import { type ShapeName, shapes } from '../../src/codes/shapes.ts'

export const text = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength })

const digits = '0123456789'
const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const alphanumeric = `${digits}${capitals}abcdefghijklmnopqrstuvwxyz`

export const digitsOf = (minLength: number, maxLength = minLength) =>
  text(digits, minLength, maxLength)
export const wordOf = (minLength: number, maxLength: number) =>
  text(alphanumeric, minLength, maxLength)

/** Printable ASCII without white space at the ends, which some readers trim. */
export const plainOf = (maxLength: number) =>
  fc
    .string({ unit: 'grapheme-ascii', minLength: 1, maxLength })
    .map(value => value.replaceAll('\n', '').trim())
    .filter(value => value !== '')

export const ibanOf = (country: string, length: number) =>
  digitsOf(length).map(body => country + checkDigits97(country, body) + body)

const address = fc.tuple(wordOf(1, 12), wordOf(2, 8)).map(parts => parts.join('@'))

/** A new shape must get a generator, or this does not compile. */
export const ofShape: Record<ShapeName, fc.Arbitrary<string>> = {
  any: wordOf(1, 12),
  digits: digitsOf(1, 12),
  'digits-2': digitsOf(2),
  'digits-3': digitsOf(3),
  'digits-4': digitsOf(4),
  'digits-5': digitsOf(5),
  'digits-6': digitsOf(6),
  'digits-8': digitsOf(8),
  'digits-13': digitsOf(13),
  'digits-14': digitsOf(14),
  'digits-15': digitsOf(15),
  'digits-28': digitsOf(28),
  date: digitsOf(8),
  'thai-mobile': digitsOf(9).map(rest => `0066${rest}`),
  mobile: digitsOf(7, 15).map(rest => `+${rest}`),
  'hk-mobile': digitsOf(8).map(rest => `+852-${rest}`),
  email: address.map(value => `${value}.com`),
  address,
  'paynow-proxy': wordOf(9, 10),
  flag: fc.constantFrom('0', '1'),
  'paynow-type': fc.constant('2'),
  bin: digitsOf(4).map(rest => `97${rest}`),
  'account-19': wordOf(1, 19),
  'vietqr-service': fc.constantFrom('QRIBFTTA', 'QRIBFTTC'),
  mpan: digitsOf(11, 15).map(rest => `9360${rest}`),
  nmid: digitsOf(13).map(rest => `ID${rest}`),
  bic: fc.oneof(text(capitals, 8, 8), text(capitals, 11, 11)),
  iban: ibanOf('DE', 18),
  'pk-iban': wordOf(20, 20).map(rest => `PK00${rest}`),
  'uuid-32': wordOf(32, 32),
  nchl: digitsOf(8, 18).map(rest => `NCHL${rest}`),
  'pix-url': wordOf(1, 40).map(path => `pix.example.com.br/${path}`),
  ifsc: fc.tuple(text(capitals, 4, 4), digitsOf(7, 20)).map(([bank, rest]) => `${bank}0${rest}`),
  rupay: digitsOf(15).map(rest => `6${rest}`),
  unionpay: unionPay(digitsOf(4), digitsOf(3)),
  'qpay-iin': unionPay(fc.constant('2794'), fc.constant('496')),
  domain: wordOf(1, 8).map(label => `com.${label}`),
  'co-domain': wordOf(1, 8).map(label => `CO.COM.${label}`),
  'cuit-word': fc.constant('CUIT'),
  'ms-13': digitsOf(13),
}

/** Two IINs of eight digits and a merchant id of fifteen. */
function unionPay(issuer: fc.Arbitrary<string>, country: fc.Arbitrary<string>) {
  return fc
    .tuple(issuer, country, wordOf(15, 15))
    .map(([head, market, merchant]) => `${`${head}0${market}`.repeat(2)}${merchant}`)
}

export const shapeNames = Object.keys(shapes) as ShapeName[]
