import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimalOf } from '../../src/codes/amount.ts'
import type { CodeReading } from '../../src/codes/code.ts'
import type { Family, FieldRule, Mark } from '../../src/codes/families/row.ts'
import { families } from '../../src/codes/families.ts'
import { checkDigits97 } from '../../src/codes/iban.ts'
import { readCode } from '../../src/codes/read.ts'
import { hasShape } from '../../src/codes/shapes.ts'
import { recursiveModulo10 } from '../../src/codes/swiss.ts'
import { type CodeInput, writeCode } from '../../src/codes/write.ts'
import { currencyByCode } from '../../src/domain/currency.ts'
import { digitsOf, ibanOf, ofShape, plainOf, shapeNames, wordOf } from './arbitraries.ts'

// The same values in every run, so that a failure is never chance; the fuzz run goes further.
const runs = { numRuns: 60, seed: 41 }

/** Writes, insists that it worked, and reads. */
function thereAndBack(input: CodeInput): CodeReading {
  const written = writeCode(input)
  expect(written).toMatchObject({ ok: true })
  const reading = readCode(written.ok ? written.payload : '')
  expect(reading.errors).toEqual([])
  return reading
}

describe('the generators of shapes', () => {
  it.each(shapeNames)('make values of shape %s', shape => {
    fc.assert(
      fc.property(ofShape[shape], value => hasShape(shape, value)),
      runs,
    )
  })
})

const marks = families.flatMap(row => row.marks.map((mark, index) => ({ row, mark, index })))

describe('an EMVCo merchant code', () => {
  it.each(marks.map(each => [`${each.row.id} ${each.index}`, each] as const))(
    'of %s reads back what was written',
    (_, { row, mark, index }) => {
      const input = fc.record({ fields: fieldsOf(mark), shop: merchant, sum: amountOf(row) })
      fc.assert(
        fc.property(input, ({ fields, shop, sum }) => {
          const input = {
            format: 'mpm-emv',
            initiation: 'static',
            accounts: [{ family: row.id, mark: index, fields }],
            country: mark.country ?? row.market ?? 'SG',
            ...shop,
            ...sum,
          } as const
          // A template holds 99 characters; that more are refused is shown elsewhere.
          fc.pre(!isTooLong(input))
          const reading = thereAndBack(input)
          const family = reading.families.find(each => each.id === row.id)
          expect(family?.fields).toMatchObject(fields)
          expect(reading).toMatchObject({ ...shop, ...sum, initiation: 'static' })
          if (!row.rules.includes('amount-unit')) {
            expect(decimalOf(reading.amountMinor ?? 0n, exponentOf(sum.currency))).toBe(sum.amount)
          }
        }),
        runs,
      )
    },
  )

  it('reads back additional data, tips and names in another script', () => {
    const more = fc.record({
      additionalData: fc.record({ '01': plainOf(25), '05': plainOf(25), '08': plainOf(25) }),
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter(isShortEnough),
    })
    fc.assert(
      fc.property(more, ({ additionalData, name }) => {
        const reading = thereAndBack({
          format: 'mpm-emv',
          initiation: 'dynamic',
          accounts: [{ family: 'paynow', fields: { proxyType: '2', proxy: '201912345A' } }],
          merchantName: 'Shop',
          merchantCity: 'Singapore',
          tip: { kind: 'percentage', value: '7.5' },
          local: { language: 'zh', name },
          additionalData,
        })
        expect(reading.additionalData).toEqual(additionalData)
        expect(reading.merchantNameLocal).toBe(name)
        expect(reading.tip).toEqual({ kind: 'percentage', value: '7.5' })
      }),
      runs,
    )
  })
})

describe('a text code or link', () => {
  const sum = fc.bigInt({ min: 1n, max: 99_999_999n }).map(minor => decimalOf(minor, 2))
  const line = plainOf(20).filter(value => !/[|;]/.test(value))

  it('for UPI reads back', () => {
    fc.assert(
      fc.property(ofShape.address, plainOf(20), sum, (payee, name, amount) => {
        const reading = thereAndBack({ format: 'upi', payee, name, amount, note: name })
        expect(reading).toMatchObject({ merchantName: name, amount, proxy: { value: payee } })
        expect(reading.additionalData['08']).toBe(name)
      }),
      runs,
    )
  })

  it('for SEPA reads back', () => {
    fc.assert(
      fc.property(ibanOf('DE', 18), line, sum, (iban, name, amount) => {
        const reading = thereAndBack({ format: 'epc-sct', iban, name, amount, text: name })
        expect(reading).toMatchObject({
          merchantName: name,
          amount,
          country: 'DE',
          currency: 'EUR',
        })
        expect(reading.proxy).toEqual({ type: 'iban', value: iban })
      }),
      runs,
    )
  })

  it('for a Swiss bill reads back, with the kind of reference its IBAN wants', () => {
    const body = fc.tuple(fc.boolean(), digitsOf(15), digitsOf(26))
    fc.assert(
      fc.property(body, line, sum, ([isQr, rest, digits], name, amount) => {
        const inner = `${isQr ? '30' : '08'}${rest}`
        const iban = `CH${checkDigits97('CH', inner)}${inner}`
        const reference = isQr
          ? digits + recursiveModulo10(digits)
          : `RF${checkDigits97('RF', digits.slice(0, 15))}${digits.slice(0, 15)}`
        const place = { name, postalCode: '2501', city: 'Biel', country: 'CH' }
        const bill = { iban, reference, amount, currency: 'CHF', ...place } as const
        const reading = thereAndBack({ format: 'swiss-qr-bill', ...bill })
        expect(reading).toMatchObject({ merchantName: name, amount, merchantCity: 'Biel' })
        expect(reading.additionalData['05']).toBe(reference)
      }),
      runs,
    )
  })

  it('for SPAYD, IPS, Swish and Thai bills reads back', () => {
    fc.assert(
      fc.property(line, sum, digitsOf(18), (name, amount, account) => {
        const iban = 'CZ6508000000192000145399'
        expect(
          thereAndBack({ format: 'spayd', iban, amount, currency: 'CZK', name, message: name }),
        ).toMatchObject({ merchantName: name, amount, additionalData: { '08': name } })
        expect(
          thereAndBack({ format: 'ips-rs', account, name, amount, purpose: name }),
        ).toMatchObject({ merchantName: name, amount, additionalData: { '08': name } })
        const swish = { format: 'swish', payee: account.slice(3), amount, message: name } as const
        expect(thereAndBack(swish)).toMatchObject({ amount, additionalData: { '08': name } })
        const bill = { biller: account.slice(3), reference1: 'R1', amount }
        expect(thereAndBack({ format: 'th-bot-barcode', ...bill })).toMatchObject({ amount })
      }),
      runs,
    )
  })

  it('for Taiwan reads back', () => {
    fc.assert(
      fc.property(wordOf(1, 12), digitsOf(3), digitsOf(16), (name, bankCode, account) => {
        const reading = thereAndBack({ format: 'twqr', name, bankCode, account, note: name })
        expect(reading).toMatchObject({ merchantName: name, country: 'TW' })
        expect(reading.families[0]).toMatchObject({ institutionKey: bankCode })
      }),
      runs,
    )
  })
})

describe('a consumer code', () => {
  it('reads back its scheme and issuer, and shows no card number', () => {
    fc.assert(
      fc.property(digitsOf(12, 15), plainOf(12), (rest, label) => {
        const pan = `9360${rest}`
        const reading = thereAndBack({ format: 'cpm-emv', family: 'qris-cpm', pan, label })
        expect(reading.families[0]).toMatchObject({
          institutionKey: pan.slice(0, 8),
          fields: { label },
        })
        expect(JSON.stringify([reading.accounts, reading.families, reading.tree])).not.toContain(
          pan,
        )
      }),
      runs,
    )
  })

  it('made of numbers reads back its wallet, or is refused because it looks like a card', () => {
    fc.assert(
      fc.property(digitsOf(17), token => {
        const written = writeCode({
          format: 'cpm-numeric',
          family: 'unionpay',
          prefix: '62',
          token,
        })
        if (!written.ok) expect(written.errors).toEqual([{ code: 'card-number', field: 'token' }])
        else expect(readCode(written.payload)).toMatchObject({ valid: true, warnings: [] })
      }),
      runs,
    )
  })
})

const merchant = fc.record({
  merchantName: plainOf(25),
  merchantCity: plainOf(15),
  mcc: digitsOf(4),
  postalCode: wordOf(1, 10),
})

/** Every field that the code can hold in one template of 99 characters. */
function fieldsOf(mark: Mark): fc.Arbitrary<Record<string, string>> {
  const rules = Object.entries(mark.fields)
  return fc.record(Object.fromEntries(rules.map(([name, rule]) => [name, fieldOf(mark, rule)])), {
    requiredKeys: rules
      .filter(([, rule]) => isNeeded(mark, rule.path, rule.required))
      .map(([name]) => name),
  })
}

const fieldOf = (mark: Mark, { path, shape = 'any' }: FieldRule): fc.Arbitrary<string> =>
  path === '00' && mark.guid !== undefined ? fc.constant(mark.written ?? mark.guid) : ofShape[shape]

function isTooLong(input: CodeInput): boolean {
  const written = writeCode(input)
  return !written.ok && written.errors.every(each => each.code === 'field-too-long')
}

/** What the mark is recognised by must be there, and a bare value is the whole account. */
function isNeeded(mark: Mark, path: string, required: true | undefined): boolean {
  return required === true || path === '' || path === '00' || mark.when?.[path] !== undefined
}

const exponentOf = (currency: string): number => currencyByCode(currency)?.exponent ?? 0

/** An amount with all decimals of a currency of the family. */
function amountOf(row: Family): fc.Arbitrary<{ currency: string; amount: string }> {
  const currency = row.currencies[0] ?? 'SGD'
  return fc
    .bigInt({ min: 1n, max: 999_999_999n })
    .map(minor => ({ currency, amount: decimalOf(minor, exponentOf(currency)) }))
}

const isShortEnough = (name: string): boolean => [...name].length <= 25 && name.isWellFormed()
