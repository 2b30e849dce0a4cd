import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { explainCommand, explainLines, writeCommand } from '../../src/cli/codes.ts'

const payload = writeCommand('promptpay', ['mobile=+66812345678', 'amount=12.50']).text

describe('codes explain', () => {
  it('prints an outline, and ends with 1 for what is not valid', () => {
    const { text: outline, exitCode } = explainCommand(payload, false)
    expect(exitCode).toBe(0)
    expect(outline).toContain('Amount       12.50 THB')
    expect(outline).toMatch(/ 12 {2}29 +Merchant account\n +16 +00 +Identifier +A000000677010111\n/)
    expect(explainCommand('nonsense', false).exitCode).toBe(1)
  })

  it('prints the whole reading as JSON', () => {
    const whole = JSON.parse(explainCommand(payload, true).text)
    expect(whole).toMatchObject({ valid: true, amountMinor: '1250', proxy: { type: 'mobile' } })
    expect(whole.tree[0]).toMatchObject({ id: '00', value: '01' })
  })

  it('answers each line of JSON with a line, whatever it holds', async () => {
    const output = new PassThrough()
    const lines = [JSON.stringify(payload), '"x"', 'no JSON', '42', '', JSON.stringify('a\nb')]
    await explainLines(Readable.from(`${lines.join('\n')}\n`), output)
    output.end()
    const answers = (await text(output))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(answers.map(answer => answer.valid)).toEqual([true, false, false, false, false])
    expect(answers[0]).toEqual({
      valid: true,
      errors: [],
      payable: true,
      families: ['promptpay'],
      presentment: 'merchant',
      kind: 'mpm-emv',
      country: 'TH',
      currency: 'THB',
      amount: '12.50',
      amountMinor: '1250',
      merchantName: null,
      merchantCity: null,
      mcc: null,
      initiation: 'dynamic',
      warnings: ['missing-mcc', 'missing-merchant-name', 'missing-merchant-city'],
    })
  })
})

describe('codes write', () => {
  it.each([
    [
      'a family’s fields',
      'duitnow',
      [
        'acquirer=501664',
        'merchantId=1',
        'merchantName=A',
        'merchantCity=B',
        'tip=7.5%',
        '62.05=R1',
      ],
    ],
    ['a format’s fields', 'upi', ['payee=a@b', 'name=A']],
    ['a number', 'cpm-numeric', ['family=wechatpay', 'prefix=13', 'token=4567890123456789']],
    ['what may be changed', 'swish', ['payee=0701234567', 'editable=amount,message']],
  ])('takes %s', (_, format, pairs) => {
    const { text: written, exitCode } = writeCommand(format, pairs)
    expect(exitCode, written).toBe(0)
    expect(explainCommand(written, false).exitCode).toBe(0)
  })

  it.each([
    ['an unknown format', 'nonsense', []],
    ['a name nobody knows', 'upi', ['payee=a@b', 'name=A', 'colour=red']],
    ['a missing name', 'upi', ['payee=a@b']],
    ['a name twice', 'upi', ['payee=a@b', 'payee=c@d']],
    ['no value', 'upi', ['payee']],
    ['a wrong value', 'promptpay', ['mobile=+1']],
    ['a mark that is not there', 'promptpay', ['mobile=+66812345678', 'mark=9']],
    ['an amount too fine', 'promptpay', ['mobile=+66812345678', 'amount=1.005']],
    [
      'a name that is too long',
      'paynow',
      ['proxyType=2', 'proxy=201912345A', `merchantName=${'N'.repeat(26)}`, 'merchantCity=S'],
    ],
    ['no length of the family', 'cpm-numeric', ['family=wechatpay', 'prefix=13', 'token=1']],
    [
      'somebody else’s prefix',
      'cpm-numeric',
      ['family=wechatpay', 'prefix=62', 'token=12345678901234567'],
    ],
    ['a wrong IBAN', 'epc-sct', ['iban=BE71096123456760', 'name=A']],
  ])('refuses %s and says why', (_, format, pairs) => {
    const { text: reason, exitCode } = writeCommand(format, pairs)
    expect(exitCode).toBe(1)
    expect(reason).not.toBe('')
  })
})
