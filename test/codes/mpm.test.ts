import { describe, expect, it } from 'vitest'
import { crc16, crcText } from '../../src/codes/crc.ts'
import { readCode } from '../../src/codes/read.ts'

/** Closes a list of fields with a right checksum. */
const sealed = (body: string): string =>
  `${body}6304${crcText(crc16(`${body}6304`, body.length + 4))}`

const field = (id: string, value: string): string =>
  id + String([...value].length).padStart(2, '0') + value

const promptPay = field('29', field('00', 'A000000677010111') + field('01', '0066812345678'))
const home = field('53', '764') + field('58', 'TH')
const code = (...fields: string[]): string => sealed(field('00', '01') + fields.join(''))
const errorsOf = (payload: string) => readCode(payload).errors.map(each => each.code)

describe('the frame of an EMVCo merchant code', () => {
  it('has the checksum of the worked example in EMVCo MPM 1.1, annex B', () => {
    // CRC-16/CCITT-FALSE of "123456789" is 29B1 in every catalogue of checksums.
    expect(crcText(crc16('123456789', 9))).toBe('29B1')
  })

  it.each([
    ['a', 1],
    ['ab', 2],
    ['abc', 3],
    ['abcd', 4],
    ['abcdé', 5],
    ['最佳运输', 4],
    ['a😀b', 4],
  ])('sums %s as its UTF-8 bytes', (text, end) => {
    let crc = 0xffff
    for (const byte of new TextEncoder().encode(text)) {
      crc ^= byte << 8
      for (let bit = 0; bit < 8; bit++)
        crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff
    }
    expect(crc16(text, end)).toBe(crc)
  })

  it.each([
    ['wrong checksum', `${code(promptPay, home).slice(0, -1)}Z`, 'crc-mismatch'],
    ['no checksum', field('00', '01') + promptPay + home, 'crc-missing'],
    ['00 not first', sealed(promptPay + field('00', '01') + home), 'format-not-first'],
    ['63 not last', `${code(promptPay)}${home}`, 'crc-not-last'],
    [
      'an amount twice',
      code(promptPay, home, field('54', '1'), field('54', '2')),
      'duplicate-field',
    ],
    ['no account', code(home), 'no-account'],
    ['01 neither 11 nor 12', code(field('01', '13'), promptPay, home), 'initiation-malformed'],
    ['a short category', code(promptPay, field('52', '12'), home), 'mcc-malformed'],
    ['a currency of letters', code(promptPay, field('53', 'THB')), 'currency-malformed'],
    ['a country of digits', code(promptPay, field('58', '76')), 'country-malformed'],
    ['a comma in the amount', code(promptPay, home, field('54', '98,73')), 'amount-malformed'],
    ['a blank in the amount', code(promptPay, home, field('54', '3 705')), 'amount-malformed'],
    ['only a point', code(promptPay, home, field('54', '.50')), 'amount-malformed'],
    ['a full-width digit', code(promptPay, home, field('54', '5０')), 'amount-malformed'],
    ['satang cut in ten', code(promptPay, home, field('54', '1.005')), 'amount-precision'],
    ['an id that is no number', `${field('00', '01')}XX0201`, 'malformed-tlv'],
    ['a value that is cut off', `${field('00', '01')}29370016`, 'malformed-tlv'],
    ['another country', code(promptPay, field('53', '764'), field('58', 'ID')), 'scheme-conflict'],
    ['another currency', code(promptPay, field('53', '360'), field('58', 'TH')), 'scheme-conflict'],
    ['an unknown format', sealed(`000203${promptPay}${home}`), 'format-unknown'],
  ])('is refused for %s', (_, payload, want) => {
    expect(errorsOf(payload)).toContain(want)
    expect(readCode(payload)).toMatchObject({ valid: false, payable: false })
  })

  it('reads nothing behind a broken length', () => {
    const reading = readCode(`${field('00', '01')}5914SudanMerchant${home}`)
    expect(reading).toMatchObject({ merchantName: null, country: null, families: [] })
  })
})

describe('what is odd but payable', () => {
  it.each([
    ['no category, name, city', code(promptPay, home), 'missing-mcc'],
    ['a long name', code(promptPay, home, field('59', 'N'.repeat(26))), 'merchant-name>25'],
    ['a long city', code(promptPay, home, field('60', 'C'.repeat(16))), 'merchant-city>15'],
    ['an accent', code(promptPay, home, field('60', 'BRASÍLIA')), 'non-ascii-in-ans-field'],
    ['an empty field', code(promptPay, home, '6200'), 'zero-length-object'],
    ['an empty amount', code(promptPay, home, '5400'), 'zero-length-object'],
    ['an amount of zero', code(promptPay, home, field('54', '0')), 'amount-zero'],
    ['format 02', sealed(`000202${promptPay}${home}`), 'payload-format-indicator-02'],
    ['a reserved field', code(promptPay, home, field('65', 'x')), 'reserved-field'],
    [
      'additional data that is no template',
      code(promptPay, home, field('62', 'hello')),
      'malformed-template',
    ],
    [
      'a currency nobody lists',
      code(field('26', field('00', 'com.example')), field('53', '998')),
      'currency-unknown',
    ],
    ['a fee without indicator', code(promptPay, home, field('56', '5')), 'tip-inconsistent'],
    [
      'small letters in the checksum',
      code(promptPay, home, field('59', 'y')).replace(/....$/, crc => crc.toLowerCase()),
      'crc-lowercase',
    ],
    ['white space around it', ` ${code(promptPay, home)}\r\n`, 'surrounding-space'],
  ])('with %s is read with a warning', (_, payload, want) => {
    const reading = readCode(payload)
    expect(reading.errors).toEqual([])
    expect(reading).toMatchObject({ valid: true, payable: true })
    expect(reading.warnings).toContain(want)
  })

  it('counts lengths in bytes when characters do not close the list', () => {
    const note = 'Thanh toán hóa đơn'
    const size = new TextEncoder().encode(note).length
    const reading = readCode(code(promptPay, home, `62${size + 4}08${size}${note}`))
    expect(reading).toMatchObject({ valid: true, additionalData: { '08': note } })
    expect(reading.warnings).toContain('length-in-bytes')
  })

  it('counts lengths in UTF-16 units when nothing else closes the list', () => {
    const reading = readCode(code(promptPay, home, '6402😀'))
    expect(reading).toMatchObject({ valid: true })
    expect(reading.warnings).toContain('length-in-utf16')
    expect(readCode(code(promptPay, home, field('59', 'a😀'))).merchantName).toBe('a😀')
  })

  it('keeps an amount with a point at its end, and zeros beyond the decimals', () => {
    expect(readCode(code(promptPay, home, field('54', '98.'))).amountMinor).toBe(9800n)
    const peso = field('26', field('00', 'com.example')) + field('53', '152') + field('58', 'CL')
    expect(readCode(code(peso, field('54', '5.00'))).amountMinor).toBe(5n)
    expect(errorsOf(code(peso, field('54', '5.10')))).toContain('amount-precision')
  })

  it('takes a zero for no amount', () => {
    expect(readCode(code(promptPay, home, field('54', '0.00')))).toMatchObject({
      amount: '0.00',
      amountMinor: null,
    })
  })

  it('shows bare values where a template should be', () => {
    const reading = readCode(code(promptPay, home, field('80', '046'), field('82', 'f'.repeat(64))))
    expect(reading.valid).toBe(true)
    expect(reading.tree.find(node => node.id === '80')).toMatchObject({
      value: '046',
      children: [],
    })
  })

  it('finds an identifier that is not first in its template', () => {
    const account = field('36', field('02', '1100010702') + field('00', 'org.paycashless.qpi'))
    expect(readCode(code(account)).families[0]?.id).toBe('paycashless-ng')
  })

  it('leaves out a foreign account beside one that is at home, and says so', () => {
    const payNow = field(
      '26',
      field('00', 'SG.PAYNOW') + field('01', '2') + field('02', '201912345A'),
    )
    const reading = readCode(code(payNow, promptPay, field('53', '702'), field('58', 'SG')))
    expect(reading.families.map(each => each.id)).toEqual(['paynow'])
    expect(reading.warnings).toContain('foreign-account')
  })

  it('does not take a card network for proof that a foreign scheme is at home', () => {
    const visa = field('02', '4000123456789017')
    expect(errorsOf(code(visa, promptPay, field('53', '360'), field('58', 'ID')))).toContain(
      'scheme-conflict',
    )
  })
})

describe('the rules that a scheme adds', () => {
  const khqr = (initiation: string, ...more: string[]) =>
    code(
      field('01', initiation),
      field('29', field('00', 'dara@devb')),
      field('53', '116'),
      field('58', 'KH'),
      ...more,
    )
  const times = (created: string, expires: string) =>
    field('99', field('00', created) + field('01', expires))

  it.each([
    ['static', khqr('11'), []],
    ['dynamic', khqr('12', field('54', '100'), times('1755076232336', '1755076292336')), []],
    [
      'dynamic without amount',
      khqr('12', times('1755076232336', '1755076292336')),
      ['amount-missing'],
    ],
    ['dynamic without expiry', khqr('12', field('54', '100')), ['expiry-missing']],
    [
      'with times of 14 digits',
      khqr('11', times('17550762323360', '17550762923360')),
      ['time-malformed'],
    ],
  ])('KHQR that is %s', (_, payload, want) => {
    expect(errorsOf(payload)).toEqual(want)
  })

  const payNow = (type: string, proxy: string, expires = '20301231') =>
    code(
      field(
        '26',
        field('00', 'SG.PAYNOW') + field('01', type) + field('02', proxy) + field('04', expires),
      ),
      field('53', '702'),
      field('58', 'SG'),
    )

  it.each([
    ['a mobile', payNow('0', '+6591234567'), []],
    ['a stump of a mobile', payNow('0', '+650'), ['proxy-malformed']],
    ['a business', payNow('2', '201912345A'), []],
    ['nobody', payNow('2', ''), ['payee-missing']],
  ])('PayNow to %s', (_, payload, want) => {
    expect(errorsOf(payload)).toEqual(want)
  })

  it('PayNow ends with its last day in Singapore', () => {
    const reading = readCode(payNow('2', '201912345A', '20240229'))
    expect(new Date(reading.expiresAtMs ?? 0).toISOString()).toBe('2024-02-29T15:59:59.999Z')
    expect(readCode(payNow('2', '201912345A', '20250229')).expiresAtMs).toBeNull()
  })

  it('Pix refuses a link that names its protocol', () => {
    const pix = (url: string) =>
      code(
        field('26', field('00', 'br.gov.bcb.pix') + field('25', url)),
        field('53', '986'),
        field('58', 'BR'),
      )
    expect(errorsOf(pix('pix.example.com.br/v2/1'))).toEqual([])
    expect(errorsOf(pix('https://pix.example.com.br/v2/1'))).toEqual(['url-malformed'])
  })

  it('UnionPay needs its layout, because fillers stand in the same place', () => {
    const at15 = (value: string) => code(field('15', value), field('53', '344'), field('58', 'HK'))
    expect(readCode(at15('2500034400020344473398443761123')).families[0]).toMatchObject({
      id: 'unionpay',
      institutionKey: '25000344',
    })
    expect(readCode(at15('9999000000000000')).families[0]?.id).toBe('emv-generic')
  })

  it('Karekod’s amount is shown and not counted, because its unit is not certain', () => {
    const account = field('26', field('00', 'TR.COM.BKM') + field('09', 'TDVMAUJ000'))
    const reading = readCode(
      code(account, field('53', '949'), field('58', 'TR'), field('54', '000000000123')),
    )
    expect(reading).toMatchObject({ amount: '000000000123', amountMinor: null, payable: true })
    expect(reading.warnings).toContain('amount-unit-unverified')
  })

  it('Kenya’s sub-id is the provider', () => {
    const account = field('29', field('00', 'ke.go.qr') + field('68', '2226665'))
    expect(
      readCode(code(account, field('53', '404'), field('58', 'KE'))).families[0],
    ).toMatchObject({
      id: 'ke-qr',
      institutionKey: '68',
      fields: { till: '2226665' },
    })
  })
})
