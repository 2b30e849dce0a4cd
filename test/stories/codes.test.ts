/** A wallet asks what a code is before anybody pays, and keeps the rules for when it has no line. */
import { describe, expect, it } from 'vitest'
import { type CodeRules, payableBy, readCode } from '../../src/codes/index.ts'
import { liftSwitch, putCorridor, putSwitch } from '../../src/db/directory-change.ts'
import { codeAt, startNetwork, until } from './network.ts'
import { byHand, send } from './wire.ts'

const network = await startNetwork()

describe('explaining a code', () => {
  it('tells every field with its place, the route and what a payment would meet', async () => {
    const code = codeAt('th-silver')
    const said = await network.client('wallet-cn').explain(code)
    expect(said).toMatchObject({
      valid: true,
      payable: true,
      errors: [],
      families: [{ id: 'promptpay', proxy: { type: 'mobile' } }],
      country: 'TH',
      currency: 'THB',
      amount: '2450.00',
      amountMinor: '245000',
      route: {
        institution: 'acquirer-th',
        reason: { code: 'routed' },
        candidates: [
          { institution: 'acquirer-th', verdict: 'chosen', reason: { code: 'only-one' } },
        ],
      },
      corridor: { payerMarket: 'CN', payeeMarket: 'TH', scenario: 'outbound', interchangeBp: 80 },
      payment: { possible: true, refusal: null, obstacles: [] },
    })
    for (const { at, from, to, value, fields } of said.fields) {
      if (fields.length === 0) expect(code.slice(from, to)).toBe(value)
      expect(from - at).toBe(4)
    }
  })

  it('takes links apart too, part by part', async () => {
    const code = 'upi://pay?pa=chai@example&pn=Chai&am=45.00'
    const { fields } = await network.client('wallet-th').explain(code)
    expect(fields.map(({ name, from, to }) => [name, code.slice(from, to)])).toEqual([
      ['Scheme', 'upi'],
      ['Host', 'pay'],
      ['Payee address', 'chai@example'],
      ['Payee name', 'Chai'],
      ['Amount', '45.00'],
    ])
  })

  it('estimates what the quote then says', async () => {
    const wallet = network.client('wallet-vn')
    const code = codeAt('cn-silk')
    const { payment } = await wallet.explain(code)
    const quote = await wallet.quote({
      requestId: `estimate-${Date.now()}`,
      requestedAt: new Date().toISOString(),
      code,
    })
    expect(payment.estimate).toMatchObject({ payer: quote.payer, payee: quote.payee })
    expect(payment.estimate?.fees).toEqual(quote.fees)
  })

  it('opens the gateway’s own order links, as a quote does', async () => {
    const key = network.keys['acquirer-th-1']!
    const body = { order: `order-${Date.now()}`, amount: { currency: 'THB', minor: '18000' } }
    const made = await send(await byHand(network.url, '/v1/orders', { key, body }))
    const { code } = JSON.parse(made.text) as { code: string }
    const wallet = network.client('wallet-cn')
    expect(await wallet.explain(code)).toMatchObject({
      valid: true,
      payable: true,
      errors: [],
      currency: 'THB',
      amountMinor: '18000',
      route: { institution: 'acquirer-th', reason: { code: 'order-link' } },
      payment: { possible: true, estimate: { payee: { currency: 'THB', minor: '18000' } } },
    })
    const bent = `${code.slice(0, -6)}AAAAAA`
    expect((await wallet.explain(bent)).payment.refusal?.code).toBe('CODE_INVALID')
  })

  it('explains what cannot be paid, and why', async () => {
    const wallet = network.client('wallet-th')
    const broken = codeAt('th-silver').replace('2450.00', '9450.00')
    expect(await wallet.explain(broken)).toMatchObject({
      valid: false,
      errors: [{ code: 'crc-mismatch' }],
      payment: { possible: false, refusal: { code: 'CODE_INVALID', retry: 'new_code' } },
    })
    expect(await wallet.explain('281012029560385043466010')).toMatchObject({
      valid: true,
      presentment: 'consumer',
      payment: { possible: false, refusal: { code: 'CODE_UNSUPPORTED' } },
    })
    expect(await wallet.explain('upi://pay?pa=chai@example&pn=Chai&am=45.00')).toMatchObject({
      families: [{ id: 'upi' }],
      route: { institution: null, reason: { code: 'no-route' } },
      payment: {
        refusal: { code: 'NO_ROUTE' },
        obstacles: [{ code: 'no-route' }, { code: 'no-corridor' }],
      },
    })
  })

  it.each([
    '4111111111111111',
    'https://shop.example/4111111111111111',
    hidden('4111111111111111'),
  ])('never says a card number again: %s', async code => {
    const said = await network.client('wallet-th').explain(code)
    expect(JSON.stringify(said)).not.toContain('4111111111111111')
  })

  it('sees a switch that closes the corridor or the family, and a limit', async () => {
    const wallet = network.client('wallet-my')
    const code = codeAt('vn-lantern')
    const refusal = async () => (await wallet.explain(code)).payment.refusal?.code ?? null
    expect(await refusal()).toBeNull()

    await network.change(
      putSwitch({ subject: 'family', name: 'vietqr', reason: 'drill', until: null }),
    )
    expect(await until(refusal, found => found !== null)).toBe('CODE_UNSUPPORTED')
    await network.change(
      liftSwitch('family', 'vietqr'),
      putCorridor({
        payerMarket: 'MY',
        payeeMarket: 'VN',
        status: 'open',
        singleMaxMinor: 1_000n,
        interchangeBp: 80,
        serviceFeeBp: 20,
      }),
    )
    expect(await until(refusal, found => found === 'LIMIT_SINGLE')).toBe('LIMIT_SINGLE')
    expect((await wallet.explain(code)).payment.obstacles).toMatchObject([{ code: 'above-limit' }])
  })

  it('hears nobody who does not sign, and reads nothing that is too long', async () => {
    const bare = await fetch(`${network.url}/v1/codes/explain`, {
      method: 'POST',
      body: '{"code":"1"}',
    })
    expect(bare.status).toBe(401)
    const asked = network.client('wallet-th').explain('0'.repeat(65_537))
    await expect(asked).rejects.toThrow('BODY_TOO_LARGE')
  })
})

/** A merchant's code whose bill number is a card's. */
function hidden(card: string): string {
  return `00020101021102${card.length}${card}5303764`
}

describe('code rules', () => {
  it('tell offline what the gateway would route', async () => {
    const rules = (await network.client('wallet-th').codeRules()) as unknown as CodeRules
    const offline = (code: string) => payableBy(rules, readCode(code))
    expect(offline(codeAt('id-sari'))).toBe('yes')
    expect(offline(codeAt('cn-tea', 'static'))).toBe('yes')
    expect(offline('upi://pay?pa=chai@example&pn=Chai&am=45.00')).toBe('no-route')
    expect(offline(codeAt('id-sari').replace('85000.00', '95000.00'))).toBe('not-valid')
    expect(JSON.stringify(rules)).not.toContain('acquirer-')
  })

  it('are not sent again while they are the same, and the short answer is signed too', async () => {
    const wallet = network.client('wallet-th')
    const rules = await wallet.codeRules()
    expect(rules?.families.length).toBeGreaterThan(3)
    expect(await wallet.codeRules(rules!)).toBeNull()
    expect(await wallet.codeRules({ version: 'older' })).toEqual(rules)
  })

  it('carry a strong ETag of their version', async () => {
    const key = network.keys['wallet-th-1']!
    const wire = await byHand(network.url, '/v1/code-rules', { key })
    const whole = await send(wire)
    const etag = whole.headers.get('etag')!
    expect(etag).toBe(`"${JSON.parse(whole.text).version}"`)
    const again = await send({
      ...wire,
      headers: { ...wire.headers, 'if-none-match': `"x", W/${etag}` },
    })
    expect(again).toMatchObject({ status: 304, text: '' })
    expect(again.headers.get('etag')).toBe(etag)
    expect(again.headers.has('signature')).toBe(true)
    expect(again.headers.get('cache-control')).toBe('private, no-cache')
  })

  it('change when an institution is switched off', async () => {
    const wallet = network.client('wallet-th')
    const before = await wallet.codeRules()
    const off = { subject: 'institution', name: 'acquirer-id', reason: 'drill' } as const
    await network.change(putSwitch({ ...off, until: null }))
    const after = await until(
      () => wallet.codeRules(before!),
      rules => rules !== null,
    )
    expect(after?.families.map(({ family }) => family)).not.toContain('qris')
    await network.change(liftSwitch('institution', 'acquirer-id'))
  })
})
