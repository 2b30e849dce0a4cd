import { describe, expect, it } from 'vitest'
import { readCode } from '../../src/codes/read.ts'
import { writeCode } from '../../src/codes/write.ts'

const bill = writeCode({
  format: 'swiss-qr-bill',
  iban: 'CH5800791123000889012',
  name: 'Robert Schneider AG',
  postalCode: '2501',
  city: 'Biel',
  country: 'CH',
  currency: 'CHF',
  amount: '199.95',
  reference: 'RF18539007547034',
})
const swiss = bill.ok ? bill.payload : ''
const epc = [
  'BCD',
  '002',
  '1',
  'SCT',
  '',
  'Example Foundation',
  'BE71096123456769',
  'EUR1',
  '',
  '',
  'Donation',
].join('\n')
const errorsOf = (payload: string) => readCode(payload).errors.map(each => each.code)

describe('a text code', () => {
  it.each([
    [
      'Swiss, with Windows lines',
      swiss.replaceAll('\n', '\r\n'),
      'swiss-qr-bill',
      'CH',
      'CHF',
      '199.95',
    ],
    [
      'Swiss, of a later minor version',
      swiss.replace('0200', '0210'),
      'swiss-qr-bill',
      'CH',
      'CHF',
      '199.95',
    ],
    ['SEPA without BIC', epc, 'epc-sct', 'BE', 'EUR', '1'],
    ['SEPA instant', epc.replace('SCT', 'INST'), 'epc-sct', 'BE', 'EUR', '1'],
    ['Swish with a comma', 'C1231231231;100,50;tea;0', 'swish', 'SE', 'SEK', '100.50'],
    [
      'IPS',
      'K:PR|V:01|C:1|R:845000000040484987|N:Test|I:RSD1025,00',
      'ips-rs',
      'RS',
      'RSD',
      '1025.00',
    ],
    [
      'Thai bar code',
      '|099999999999990\r111222333444\r\r364922',
      'th-bot-barcode',
      'TH',
      'THB',
      '3649.22',
    ],
  ])('that is %s is read', (_, payload, family, country, currency, amount) => {
    const reading = readCode(payload)
    expect(reading.errors).toEqual([])
    expect(reading).toMatchObject({
      valid: true,
      payable: true,
      kind: 'other',
      country,
      currency,
      amount,
    })
    expect(reading.families[0]?.id).toBe(family)
  })

  it.each([
    ['a wrong IBAN', swiss.replace('889012', '889013'), 'iban-malformed'],
    ['a reference of the wrong kind', swiss.replace('SCOR', 'QRR'), 'reference-malformed'],
    ['version 01', swiss.replace('0200', '0101'), 'version-unsupported'],
    ['a letter in the amount', swiss.replace('199.95', '1d9.95'), 'amount-malformed'],
    ['pounds', swiss.replace('CHF', 'GBP'), 'scheme-conflict'],
    ['no end mark', swiss.replace('EPD', 'END'), 'field-malformed'],
    ['SEPA 001 without BIC', epc.replace('002', '001'), 'bic-malformed'],
    ['SEPA without name', epc.replace('Example Foundation', ''), 'payee-missing'],
    ['SEPA in pounds', epc.replace('EUR1', 'GBP1'), 'scheme-conflict'],
    ['a Ukrainian transfer', epc.replace('SCT', 'UCT'), 'function-unsupported'],
    ['SPAYD without account', 'SPD*1.0*AM:1.00*CC:CZK', 'payee-missing'],
    ['SPAYD twice the same', 'SPD*1.0*ACC:CZ6508000000192000145399*AM:1*AM:2', 'duplicate-field'],
    ['Swish to nobody', 'C;100;tea;0', 'payee-missing'],
    ['Swish with an odd mask', 'C1231231231;100;tea;8', 'field-malformed'],
    ['CoDi without device', '{"TYP":20,"v":{}}', 'payee-missing'],
    ['a Wi-Fi password', 'WIFI:T:nopass;S:Free;;', 'not-a-payment'],
    [
      'a crypto currency',
      'bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT?amount=0.001',
      'crypto-currency',
    ],
    ['plain text', 'Cash only', 'unknown-code'],
    ['nothing', ' \n ', 'empty'],
  ])('with %s is refused', (_, payload, want) => {
    expect(errorsOf(payload)).toContain(want)
    expect(readCode(payload).payable).toBe(false)
  })

  it('names a Ukrainian transfer, so that it is never taken for SEPA', () => {
    expect(readCode(epc.replace('SCT', 'UCT')).families.map(each => each.id)).toEqual(['ua-nbu'])
  })

  it('marks what a format has retired', () => {
    expect(readCode(swiss.replace('\nS\n', '\nK\n')).warnings).toContain('deprecated')
  })

  it('knows a Thai slip for a receipt', () => {
    const slip = readCode('004100060000010103014022000111222233344ABCD125102TH910417DF')
    expect(slip).toMatchObject({ valid: true, payable: false, country: 'TH', presentment: null })
    expect(errorsOf('004100060000010103014022000111222233344ABCD125102TH91040000')).toEqual([
      'crc-mismatch',
    ])
  })
})
