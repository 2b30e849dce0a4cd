/** One trace from a wallet through edge, lane and errands to every member that is asked, and back in every answer. */
import { expect, it } from 'vitest'
import { createClient } from '../../src/sdk/index.ts'
import { codeAt, newRequest, startNetwork, until } from './network.ts'
import { misbehave } from './sale.ts'

const net = await startNetwork()
const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const wallet = createClient({
  gateway: net.url,
  institution: 'wallet-th',
  key: net.keys['wallet-th-1']!,
  gatewayKeys: net.gatewayKeys,
  traceparent: () => `00-${trace}-00f067aa0ba902b7-01`,
})

/** The paths at which this member was asked under the trace. */
const askedOf = (member: string) =>
  net.tape
    .all({ by: member, event: 'asked' })
    .filter(({ fields }) => `${fields.traceparent}`.includes(trace))
    .map(({ fields }) => `${fields.path}`)

const lineOf = (event: string, paymentId: string) =>
  net.tape.hear({ by: 'gateway', event, paymentId })

async function pay(merchant: string, between: () => Promise<void> = async () => undefined) {
  const asked = newRequest('trace')
  const { quote, paymentId } = await wallet.quote({ ...asked, code: codeAt(merchant) })
  await between()
  const paid = await wallet.pay({ ...asked, quote, hold: { reference: asked.requestId } })
  return { paid, paymentId }
}

it('goes out to the acquirer with every question and notice, each under a span of its own', async () => {
  const { paid, paymentId } = await pay('cn-silk')
  expect(paid.result).toBe('S')
  expect((await lineOf('committed', paymentId)).fields).toMatchObject({ trace })
  await until(
    () => askedOf('acquirer-cn'),
    paths => paths.includes('/notices'),
  )
  // A notice that is not acknowledged in five seconds comes once more.
  const paths = [...new Set(askedOf('acquirer-cn'))]
  expect(paths).toEqual(['/orders/inquire', '/payments/accept', '/notices'])
  const parents = net.tape
    .all({ by: 'acquirer-cn', event: 'asked' })
    .map(({ fields }) => `${fields.traceparent}`)
  expect(new Set(parents).size).toBe(parents.length)
  expect(parents.every(each => /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(each))).toBe(true)
})

it('is still there when a timer asks, long after the request has gone', async () => {
  const silent = () => misbehave(net, 'acquirer-my', 'silent')
  const { paid, paymentId } = await pay('my-kopitiam', silent)
  expect(paid.result).toBe('U')
  const line = await net.tape.hear({ by: 'gateway', event: 'doubted', paymentId }, 20_000)
  expect(line.fields).toMatchObject({ trace })
  const paths = await until(
    () => askedOf('acquirer-my'),
    all => all.includes('/payments/inquire'),
    30_000,
  )
  expect(paths).toContain('/payments/inquire')
})

it('comes back in every answer, the refusals too, and begins here where there was none', async () => {
  const bare = await fetch(`${net.url}/v1/payments`)
  const said = (await bare.json()) as { traceId: string }
  expect(bare.headers.get('traceresponse')).toMatch(
    new RegExp(`^00-${said.traceId}-[0-9a-f]{16}-01$`),
  )
  const given = await fetch(`${net.url}/ops/v1/me`, {
    headers: { traceparent: `00-${trace}-00f067aa0ba902b7-00` },
  })
  expect(await given.json()).toMatchObject({ code: 'ACCESS_MISSING', traceId: trace })
  // What is malformed is nobody's trace.
  const wrong = await fetch(`${net.url}/ops/v1/me`, {
    headers: { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` },
  })
  expect(((await wrong.json()) as { traceId: string }).traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/)
})
