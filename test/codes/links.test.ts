import { describe, expect, it } from 'vitest'
import { readCode } from '../../src/codes/read.ts'
import { writeCode } from '../../src/codes/write.ts'

const written = writeCode({
  format: 'mpm-emv',
  initiation: 'static',
  accounts: [{ family: 'uz-qr-online', fields: { merchantId: 'M1' } }],
  merchantName: 'A&B #1 50%',
  merchantCity: 'Tashkent',
})
const emv = written.ok ? written.payload : ''

describe('a link', () => {
  it.each([
    ['https://qr.alipay.com/fkx00000000000example0', 'alipay', 'CN'],
    ['HTTPS://QR.ALIPAY.COM/FKX00000000000EXAMPLE0', 'alipay', 'CN'],
    [
      'alipays://platformapi/startapp?saId=10000007&qrcode=https%3A%2F%2Fqr.alipay.com%2Ffkx1',
      'alipay',
      'CN',
    ],
    ['wxp://f2f0EXAMPLE', 'wechatpay', 'CN'],
    ['weixin://wxpay/bizpayurl?pr=EXAMPLE', 'wechatpay', 'CN'],
    ['https://payapp.weixin.qq.com/qr/EXAMPLE', 'wechatpay', 'CN'],
    ['https://qr.95516.com/00010000/62028489073949969691921655610979', 'unionpay', 'CN'],
    ['https://qr.nspk.ru/AS100001ORTF4GAF80KPJ53K186D9A3G?type=01', 'sbp-ru', 'RU'],
    ['https://qr.kaspi.kz/EXAMPLE', 'kaspi', 'KZ'],
    ['upi://pay?pa=a@b&pn=A', 'upi', 'IN'],
    ['UPI://PAY?PA=a@b', 'upi', 'IN'],
    ['intent://pay?pa=a@b#Intent;scheme=upi;package=com.example;end', 'upi', 'IN'],
    ['TWQRP://812NTTransfer/158/02/V1?D5=812&D6=0028881001234567', 'twqr', 'TW'],
    ['TWQRP%3A%2F%2Fa%2F158%2F02%2FV1%3FD5%3D812%26D6%3D0028881001234567', 'twqr', 'TW'],
    ['https://app.swish.nu/1/p/sw/?sw=1236382390&amt=10&msg=tea', 'swish', 'SE'],
  ])('%s belongs to %s', (payload, family, country) => {
    const reading = readCode(payload)
    expect(reading.errors).toEqual([])
    expect(reading).toMatchObject({
      valid: true,
      kind: 'mpm-url',
      country,
      presentment: 'merchant',
    })
    expect(reading.families[0]?.id).toBe(family)
  })

  it.each([
    ['a user name before the host', 'https://qr.alipay.com@evil.example/bax0319', 'host-not-owner'],
    ['a longer host', 'https://qr.alipay.com.evil.example/bax0319', 'host-not-owner'],
    ['a back slash', 'https://evil.example\\@qr.alipay.com/bax0319', 'host-not-owner'],
    ['another port', 'https://qr.alipay.com:8443/bax0319', 'host-not-owner'],
    ['a letter that only looks the same', 'https://qr.аlipay.com/bax0319', 'unknown-code'],
    ['no token', 'https://qr.alipay.com/', 'not-a-payment'],
    [
      'another page of the owner',
      'https://qr.95516.com/qrcGtwWeb-web/api/userAuth?version=1.0.0',
      'not-a-payment',
    ],
    ['a page of nobody we know', 'https://u.wechat.com/EXAMPLE', 'unknown-code'],
    ['a script', 'javascript://alert(1)', 'unknown-code'],
    ['no payee', 'upi://pay?pn=OnlyName', 'payee-missing'],
    ['two payees', 'upi://pay?pa=a@b&pa=c@d', 'duplicate-field'],
    ['a payee without handle', 'upi://pay?pa=nobody', 'proxy-malformed'],
    ['another currency', 'upi://pay?pa=a@b&cu=USD', 'scheme-conflict'],
    ['a comma in the amount', 'upi://pay?pa=a@b&am=1,000', 'amount-malformed'],
    ['a third of a paisa', 'upi://pay?pa=a@b&am=1.003', 'amount-precision'],
    ['a transfer without account', 'TWQRP://a/158/02/V1?D5=812', 'payee-missing'],
  ])('with %s is refused', (_, payload, want) => {
    expect(readCode(payload).errors.map(each => each.code)).toContain(want)
  })

  it.each([
    ['a path', `https://app.paynet.uz/qr-online/${encodeURIComponent(emv)}`],
    ['a fragment', `https://bakai.example/#${emv}`],
    ['a parameter', `qpaywallet://q?qPay_QRcode=${encodeURIComponent(emv)}&lang=uz`],
    ['a parameter, unescaped', `https://bank.example/pay?q=${emv}`],
  ])('that wraps a merchant code in %s is read as that code', (_, payload) => {
    const reading = readCode(payload)
    expect(reading.errors).toEqual([])
    expect(reading).toMatchObject({ kind: 'mpm-url', country: 'UZ', merchantName: 'A&B #1 50%' })
  })

  it('keeps the plus of a time zone and of a signature', () => {
    const reading = readCode('upi://pay?pa=a@b&sign=MEYC+8x/==&QRexpire=2021-08-20T17:48:19+05:30')
    expect(reading.families[0]?.fields.sign).toBe('MEYC+8x/==')
    expect(reading.expiresAtMs).toBe(Date.parse('2021-08-20T12:18:19Z'))
  })

  it('counts the kopecks of SBP and leaves the unit of TWQR open', () => {
    const sbp = readCode('https://qr.nspk.ru/AD10EXAMPLE?type=02&sum=12345&cur=RUB')
    expect(sbp).toMatchObject({ amount: '123.45', amountMinor: 12_345n, initiation: 'dynamic' })
    const twqr = readCode('TWQRP://shop/158/01/V1?D1=50000&D2=1&D10=901&D11=00,004')
    expect(twqr).toMatchObject({ amount: '50000', amountMinor: null })
  })
})
