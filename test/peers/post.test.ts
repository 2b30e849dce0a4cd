/** One signed call to a member, and everything that may come back instead of its answer. */
import { describe, expect, it } from 'vitest'
import { saidIn } from '../../src/domain/evidence.ts'
import type { Institution } from '../../src/domain/institution.ts'
import { BODY_MAX } from '../../src/domain/signature.ts'
import { type PostPorts, post } from '../../src/peers/post.ts'
import { contentDigest } from '../../src/trust/digest.ts'
import { verifyEvidence } from '../../src/trust/evidence.ts'
import { type SignedRequest, signAnswer, verifyRequest } from '../../src/trust/signature.ts'
import { wallet } from '../db/network.ts'
import { findAmong, type Party, party } from '../trust/parties.ts'

const gateway = await party('gateway')
const member = await party('acquirer-cn')
const other = await party('wallet-th')
const stranger = await party('acquirer-cn')
const find = findAmong(gateway, member, other)

const acquirer: Institution = {
  ...wallet,
  id: 'acquirer-cn',
  endpoint: 'https://acquirer.example/cpg',
}
const content = { paymentId: 'pay_1', order: 'order-1' }

interface Sent {
  readonly request: Request
  readonly asked: SignedRequest
}

/** The ports, with a fetch that ends in `answer`; what was sent is kept. */
function portsTo(answer: (sent: Sent) => Response | Promise<Response>) {
  const sent: Sent[] = []
  const ports: PostPorts = {
    now: Date.now,
    key: gateway.signing,
    findKey: find,
    sandbox: false,
    async fetch(request) {
      const body = new Uint8Array(await request.clone().arrayBuffer())
      const { method, url, headers } = request
      const one = { request, asked: { method, url, headers, body } }
      sent.push(one)
      return answer(one)
    },
  }
  return { sent, ports }
}

/** An answer as a member would sign it, or as it should not. */
async function signed(
  { asked }: Sent,
  json: unknown = { result: 'S', reference: 'r-1' },
  { by = member, status = 200 }: { by?: Party; status?: number } = {},
) {
  const body = new TextEncoder().encode(typeof json === 'string' ? json : JSON.stringify(json))
  const headers = new Headers({ 'content-type': 'application/json' })
  await signAnswer({ status, headers, body }, asked, by.signing, Date.now())
  return new Response(body, { status, headers })
}

const ask = (ports: PostPorts, budgetMs = 5_000, to = acquirer) =>
  post(to, '/payments/accept', content, Date.now() + budgetMs, ports)

describe('a call to a member', () => {
  it('is signed by the gateway, says what it asks, and is never redirected', async () => {
    const { sent, ports } = portsTo(signed)
    expect(await ask(ports)).toMatchObject({
      heard: true,
      body: { result: 'S', reference: 'r-1' },
      key: 'acquirer-cn-1',
    })
    const [{ request, asked }] = sent as [Sent]
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://acquirer.example/cpg/payments/accept',
      redirect: 'manual',
    })
    expect(request.headers.get('content-type')).toBe('application/json')
    const body = JSON.parse(new TextDecoder().decode(asked.body))
    expect(body).toEqual({ addressee: 'acquirer-cn', ...content })
    expect(await verifyRequest(asked, find, Date.now())).toMatchObject({
      value: { institution: 'gateway', keyId: 'gateway-1' },
    })
  })

  it('gives evidence of the answer and of the question it answers, for any auditor to verify again', async () => {
    const { sent, ports } = portsTo(signed)
    const posted = await ask(ports)
    const { evidence } = posted as Extract<typeof posted, { heard: true }>
    expect(await verifyEvidence(evidence, 'acquirer-cn', find)).toBe('holds')
    const [{ asked }] = sent as [Sent]
    expect(saidIn(evidence.asked ?? '').digest).toBe(await contentDigest(asked.body))
    const altered = { ...evidence, asked: evidence.asked!.replace('accept', 'cancel') }
    expect(await verifyEvidence(altered, 'acquirer-cn', find)).toBe('question_forged')
  })

  it('believes a signed no as well as a yes', async () => {
    const { ports } = portsTo(one => signed(one, { result: 'F' }))
    expect(await ask(ports)).toMatchObject({ heard: true, body: { result: 'F' } })
  })

  it.each([201, 409, 500])('takes a signed %i for no answer, whatever its words', async status => {
    const { ports } = portsTo(one => signed(one, { result: 'S' }, { status }))
    expect(await ask(ports)).toEqual({ heard: false, left: true, why: 'error' })
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, answer: (sent: Sent) => Response | Promise<Response>, why: string]>([
    ['nobody there',                    () => Promise.reject(new TypeError('fetch failed')), 'unreachable'],
    ['no signature',                    () => Response.json({ result: 'S', reference: 'r-1' }), 'untrusted'],
    ['an error page',                   () => new Response('<h1>500</h1>', { status: 500 }), 'untrusted'],
    ["a stranger's signature",          one => signed(one, undefined, { by: stranger }), 'untrusted'],
    ["another member's signature",      one => signed(one, undefined, { by: other }),    'untrusted'],
    ["the gateway's own signature",     one => signed(one, undefined, { by: gateway }),  'untrusted'],
    ['a body that was changed',         async one => changed(await signed(one), { body: '{"result":"F"}' }), 'untrusted'],
    ['a status that was changed',       async one => changed(await signed(one), { status: 201 }), 'untrusted'],
    ['signed text that is no JSON',     one => signed(one, 'hello'),                     'unreadable'],
    ['a signed empty body',             one => signed(one, ''),                          'unreadable'],
    ['a body one byte too long',        one => signed(one, `"${'x'.repeat(BODY_MAX - 1)}"`), 'unreadable'],
    ['a body that never ends',          () => new Response(endless()),                   'unreadable'],
    ['a length far above the bound',    () => new Response('x', { headers: { 'content-length': '999999999' } }), 'unreadable'],
    ['a redirect inside',               () => redirect('http://169.254.169.254/latest'), 'untrusted'],
    ['a redirect to somebody else',     () => redirect('https://evil.example/'),         'untrusted'],
    ['a body that breaks off',          () => new Response(broken()),                    'unreadable'],
  ])('that meets %s is not heard', async (_, answer, why) => {
    const { sent, ports } = portsTo(answer)
    // Only what could not be reached may be told to have stayed here.
    expect(await ask(ports)).toEqual({ heard: false, left: why !== 'unreachable', why })
    expect(sent).toHaveLength(1)
  })

  it('is heard up to the last byte of the bound', async () => {
    const { ports } = portsTo(one => signed(one, `"${'x'.repeat(BODY_MAX - 2)}"`))
    expect(await ask(ports)).toMatchObject({ heard: true })
  })

  it('does not take the answer to another call, though it asks the same', async () => {
    const { sent, ports } = portsTo(signed)
    await ask(ports)
    const [first] = sent as [Sent]
    // The same words are another request as soon as they are signed a second later.
    const replay = portsTo(() => signed(first))
    const later = { ...replay.ports, now: () => Date.now() + 1_000 }
    expect(await ask(later)).toEqual({ heard: false, left: true, why: 'untrusted' })
  })

  it('does not take an answer that was signed six minutes ago', async () => {
    const { ports } = portsTo(async ({ asked }) => {
      const made = { status: 200, headers: new Headers(), body: new Uint8Array() }
      await signAnswer(made, asked, member.signing, Date.now() - 360_000)
      return new Response(null, { status: 200, headers: made.headers })
    })
    expect(await ask(ports)).toEqual({ heard: false, left: true, why: 'untrusted' })
  })

  it('ends at its deadline, and takes the line down with it', async () => {
    const { ports, sent } = portsTo(
      ({ request: { signal } }) =>
        new Promise((_, reject) => {
          // It may have come before anybody listens.
          if (signal.aborted) reject(signal.reason)
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    )
    const at = Date.now()
    const began = performance.now()
    // By a clock that stands, all of the time is left when the call is made, however long that takes.
    const posted = await post(acquirer, '/payments/accept', content, at + 80, {
      ...ports,
      now: () => at,
    })
    expect(posted).toEqual({ heard: false, left: true, why: 'late' })
    // A timer may be a millisecond early.
    expect(performance.now() - began).toBeGreaterThanOrEqual(79)
    expect(sent[0]?.request.signal.aborted).toBe(true)
  })

  it('is not even made after its deadline', async () => {
    const { sent, ports } = portsTo(signed)
    expect(await ask(ports, 0)).toEqual({ heard: false, left: false, why: 'late' })
    expect(await ask(ports, -5_000)).toEqual({ heard: false, left: false, why: 'late' })
    expect(sent).toEqual([])
  })

  it.each([
    null,
    'http://acquirer.example',
    'http://127.0.0.1:8080',
    'https://169.254.169.254',
    'https://user:secret@acquirer.example',
  ])('to the endpoint %s is not made', async endpoint => {
    const { sent, ports } = portsTo(signed)
    const to = { ...acquirer, endpoint }
    expect(await ask(ports, 5_000, to)).toEqual({ heard: false, left: false, why: 'no_endpoint' })
    expect(sent).toEqual([])
  })

  it('reaches loopback in the sandbox only', async () => {
    const { sent, ports } = portsTo(signed)
    const to = { ...acquirer, endpoint: 'http://127.0.0.1:8080' }
    expect(await ask({ ...ports, sandbox: true }, 5_000, to)).toMatchObject({ heard: true })
    expect(sent).toHaveLength(1)
  })
})

const redirect = (location: string) => new Response(null, { status: 302, headers: { location } })

const changed = (
  was: Response,
  { status = was.status, body }: { status?: number; body?: string },
) => new Response(body ?? was.body, { status, headers: was.headers })

const endless = () =>
  new ReadableStream<Uint8Array>({
    pull: controller => controller.enqueue(new Uint8Array(1_024)),
  })

const broken = () =>
  new ReadableStream<Uint8Array>({
    start: controller => controller.enqueue(new Uint8Array(10)),
    pull: controller => controller.error(new TypeError('terminated')),
  })
