/**
 * Floor: the grouped skeleton with everything that a payment of this network signs and tells, and still no logic: the
 * wallet's request checked, the responder asked and believed, a receipt, a signed answer, and behind it a signed
 * notice whose acknowledgement is stored. Same keys, same libraries, bodies as long as the gateway's.
 */
import { Hono } from 'hono'
import type { InstitutionKey } from '../../../src/domain/institution.ts'
import {
  type SigningKey,
  type StoredKeyPair,
  signingKey,
  verifyingKey,
} from '../../../src/trust/keys.ts'
import { signReceipt } from '../../../src/trust/receipt.ts'
import {
  type KeyFinder,
  signAnswer,
  signRequest,
  verifyAnswer,
  verifyRequest,
} from '../../../src/trust/signature.ts'
import { addWebhook } from '../../../src/trust/webhook.ts'
import type { Slots } from './grouped.ts'

export { Slots } from './grouped.ts'

interface Env {
  readonly SLOTS: DurableObjectNamespace<Slots>
  /** Base URL of the responder's member. */
  readonly RESPONDER: string
  /** `StoredKeyPair` of the gateway. */
  readonly KEY: string
  /** `InstitutionKey[]` */
  readonly MEMBERS: string
}

interface Trust {
  readonly own: SigningKey
  readonly find: KeyFinder
}

const encoder = new TextEncoder()
/** Characters of what an answer and a notice say of a payment, beside its receipt. */
const SAID = 'a'.repeat(1_300)
let trust: Promise<Trust> | undefined

async function load(env: Env): Promise<Trust> {
  const pair: StoredKeyPair = JSON.parse(env.KEY)
  const members: InstitutionKey[] = JSON.parse(env.MEMBERS)
  const found = new Map(
    await Promise.all(members.map(async key => [key.id, await verifyingKey(key)] as const)),
  )
  return { own: await signingKey(pair), find: async (id: string) => found.get(id) }
}

/** A signed call and its answer, believed. */
async function call(url: string, content: object, { own, find }: Trust, notice?: string) {
  const body = encoder.encode(JSON.stringify(content))
  const headers = new Headers({ 'content-type': 'application/json' })
  const request = { method: 'POST', url, headers, body }
  if (notice !== undefined) await addWebhook(headers, notice, body, own, Date.now())
  await signRequest(request, own, Date.now())
  const response = await fetch(url, { method: 'POST', headers, body })
  const heard = new Uint8Array(await response.arrayBuffer())
  const answer = { status: response.status, headers: response.headers, body: heard }
  const proof = await verifyAnswer(answer, request, find, Date.now())
  if (!proof.ok) throw new Error(proof.refusal.code)
  return new TextDecoder().decode(heard)
}

export default new Hono<{ Bindings: Env }>().post('/pay', async c => {
  trust ??= load(c.env)
  const { own, find } = await trust
  const { method, url, headers } = c.req.raw
  const asked = { method, url, headers, body: await c.req.bytes() }
  const proof = await verifyRequest(asked, find, Date.now())
  if (!proof.ok) return c.json({ code: proof.refusal.code }, 401)

  const id = crypto.randomUUID()
  const stub = c.env.SLOTS.getByName('one')
  await stub.put(id, new TextDecoder().decode(asked.body))
  const accepted = await call(
    `${c.env.RESPONDER}/payments/accept`,
    { id, said: SAID.slice(700) },
    { own, find },
  )
  await stub.put(id, accepted)
  const receipt = await signReceipt({ v: 1, paymentId: id, said: SAID.slice(900) } as never, own)

  const said = { id, result: 'S', said: SAID, receipt }
  c.executionCtx.waitUntil(
    call(`${c.env.RESPONDER}/notices`, said, { own, find }, id).then(heard => stub.put(id, heard)),
  )
  const body = encoder.encode(JSON.stringify(said))
  const answerHeaders = new Headers({ 'content-type': 'application/json' })
  await signAnswer({ status: 200, headers: answerHeaders, body }, asked, own, Date.now())
  return new Response(body, { headers: answerHeaders })
})
