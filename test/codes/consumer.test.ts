import { describe, expect, it } from 'vitest'
import { base64Of, bytesOf } from '../../src/codes/base64.ts'
import { berOf, bytesOfHex } from '../../src/codes/ber.ts'
import { readCode } from '../../src/codes/read.ts'

const hex = (text: string): Uint8Array => bytesOfHex(text) ?? new Uint8Array()
const join = (...parts: Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap(part => [...part]))
const head = berOf('85', hex('4350563031'))
const aid = berOf('4F', hex('A0000006022020'))
const pan = berOf('5A', hex('9360091430100531720F'))
const code = (...parts: Uint8Array[]): string => base64Of(join(head, ...parts))
const errorsOf = (payload: string) => readCode(payload).errors.map(each => each.code)

describe('an EMVCo consumer code', () => {
  it('with an application and an account is payable', () => {
    expect(readCode(code(berOf('61', join(aid, pan))))).toMatchObject({
      valid: true,
      payable: true,
      kind: 'cpm-emv',
      presentment: 'consumer',
      families: [{ id: 'qris-cpm', institutionKey: '93600914' }],
      accounts: [{ tag: '5A', value: '936009*********1720' }],
    })
  })

  it('may keep the account in the common data', () => {
    expect(errorsOf(code(berOf('61', aid), berOf('62', pan)))).toEqual([])
  })

  it('may be without padding', () => {
    const payload = code(berOf('61', join(aid, pan, berOf('50', hex('4142')))))
    expect(payload).toMatch(/=$/)
    expect(readCode(payload.replaceAll('=', ''))).toMatchObject({
      valid: true,
      warnings: ['unpadded-base64'],
    })
  })

  it('of a ticket is valid and not payable', () => {
    const ticket = join(berOf('4F', hex('514341543031')), berOf('63', berOf('C1', hex('01'))))
    expect(readCode(code(berOf('61', ticket)))).toMatchObject({ valid: true, payable: false })
  })

  it.each([
    ['no application', code(berOf('62', pan)), 'application-missing'],
    ['an application without name', code(berOf('61', pan)), 'application-missing'],
    ['no account', code(berOf('61', aid)), 'pan-missing'],
    [
      'an object in both templates',
      code(berOf('61', join(aid, pan)), berOf('62', pan)),
      'duplicate-field',
    ],
    [
      'another version',
      base64Of(join(berOf('85', hex('4350563032')), berOf('61', join(aid, pan)))),
      'format-unknown',
    ],
    ['a cut end', code(berOf('61', join(aid, pan)).slice(0, -1)), 'malformed-tlv'],
    [
      'a foreign character',
      `${code(berOf('61', join(aid, pan))).slice(0, -1)}*`,
      'base64-malformed',
    ],
  ])('with %s is refused', (_, payload, want) => {
    expect(errorsOf(payload)).toContain(want)
  })

  it('reads lengths of one, two and three bytes', () => {
    for (const size of [127, 128, 255, 256, 300]) {
      const filler = berOf('63', berOf('9F10', new Uint8Array(size)))
      expect(errorsOf(code(berOf('61', join(aid, pan, filler)))), `${size}`).toEqual([])
    }
  })
})

describe('base64', () => {
  it('is its own inverse', () => {
    for (let length = 0; length < 20; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 73 + length) & 255)
      expect(bytesOf(base64Of(bytes))).toEqual(bytes)
      expect(base64Of(bytes)).toBe(Buffer.from(bytes).toString('base64'))
    }
  })
})

describe('a number', () => {
  it.each([
    ['100012345678901234', 'wechatpay'],
    ['159999999999999999', 'wechatpay'],
    ['2512345678901234', 'alipay'],
    ['301234567890123456789012', 'alipay'],
    ['281012029560385043466010', 'alipayplus'],
    ['6212345678901234567', 'unionpay'],
    ['0112345678901234567', 'ecny'],
    ['90008181881234567890', 'paypay'],
    ['3158994012345678901', 'yucho-pay'],
  ])('%s is a code of %s', (payload, family) => {
    const reading = readCode(payload)
    expect(reading).toMatchObject({ valid: true, payable: true, kind: 'cpm-numeric' })
    expect(reading.families[0]?.id).toBe(family)
  })

  it.each([
    ['10001234567890123', 'length-wrong'],
    ['281234567890123', 'length-wrong'],
    ['2812345678901234567890123', 'length-wrong'],
    ['621234567890123456', 'length-wrong'],
    ['011234567890123456', 'length-wrong'],
    ['4901234567894', 'unknown-code'],
    ['3158994112345678901', 'unknown-code'],
    ['160012345678901234', 'unknown-code'],
  ])('%s is refused: %s', (payload, want) => {
    expect(errorsOf(payload)).toEqual([want])
  })

  it('of the partner range belongs to Alipay+ first, then to Alipay', () => {
    const ids = readCode('281012029560385043466010').families.map(each => each.id)
    expect(ids).toEqual(['alipayplus', 'alipay'])
  })
})
