/**
 * The rival: what a developer would write first. One Worker, and one D1 database that holds limits, idempotency and
 * payments; the same signatures as the gateway's, checked and made at the same four places. It decides in two batches,
 * tells nobody afterwards, and loses its way when it dies between them.
 */
import { Hono } from 'hono'
import type { InstitutionKey } from '../../../src/domain/institution.ts'
import { type StoredKeyPair, signingKey, verifyingKey } from '../../../src/trust/keys.ts'
import {
  signAnswer,
  signRequest,
  verifyAnswer,
  verifyRequest,
} from '../../../src/trust/signature.ts'

interface Env {
  readonly DB: D1Database
  /** Base URL of the responder's member. */
  readonly RESPONDER: string
  /** `StoredKeyPair` of the gateway. */
  readonly KEY: string
  /** `InstitutionKey[]` */
  readonly MEMBERS: string
}

const encoder = new TextEncoder()
let keys: Awaited<ReturnType<typeof load>> | undefined

async function load(env: Env) {
  const pair: StoredKeyPair = JSON.parse(env.KEY)
  const members: InstitutionKey[] = JSON.parse(env.MEMBERS)
  const found = new Map(
    await Promise.all(members.map(async key => [key.id, await verifyingKey(key)] as const)),
  )
  return { own: await signingKey(pair), find: async (id: string) => found.get(id) }
}

export default new Hono<{ Bindings: Env }>().post('/pay', async c => {
  keys ??= await load(c.env)
  const { own, find } = keys
  const now = Date.now()
  const asked = {
    method: 'POST',
    url: c.req.url,
    headers: c.req.raw.headers,
    body: await c.req.bytes(),
  }
  const proof = await verifyRequest(asked, find, now)
  if (!proof.ok) return c.json({ code: proof.refusal.code }, 401)
  const { requestId, minor } = JSON.parse(new TextDecoder().decode(asked.body))
  const { institution } = proof.value

  const db = c.env.DB
  const limit = await db
    .prepare('SELECT used, most FROM limits WHERE institution = ?')
    .bind(institution)
    .first<{ used: number; most: number }>()
  if (limit === null || limit.used + minor > limit.most) return c.json({ code: 'LIMIT' }, 422)
  const id = crypto.randomUUID()
  await db.batch([
    db
      .prepare('INSERT INTO request (institution, id, payment) VALUES (?, ?, ?)')
      .bind(institution, requestId, id),
    db.prepare('UPDATE limits SET used = used + ? WHERE institution = ?').bind(minor, institution),
    db
      .prepare(
        "INSERT INTO payment (id, institution, minor, status, at) VALUES (?, ?, ?, 'pending', ?)",
      )
      .bind(id, institution, minor, now),
  ])

  const url = `${c.env.RESPONDER}/payments/accept`
  const body = encoder.encode(JSON.stringify({ paymentId: id, minor }))
  const headers = new Headers({ 'content-type': 'application/json' })
  const request = { method: 'POST', url, headers, body }
  await signRequest(request, own, now)
  const response = await fetch(url, { method: 'POST', headers, body })
  const answered = {
    status: response.status,
    headers: response.headers,
    body: new Uint8Array(await response.arrayBuffer()),
  }
  const believed = await verifyAnswer(answered, request, find, Date.now())
  const status = believed.ok ? 'committed' : 'unknown'
  await db.prepare('UPDATE payment SET status = ? WHERE id = ?').bind(status, id).run()

  const told = encoder.encode(JSON.stringify({ id, status }))
  const toldHeaders = new Headers({ 'content-type': 'application/json' })
  await signAnswer({ status: 200, headers: toldHeaders, body: told }, asked, own, Date.now())
  return new Response(told, { headers: toldHeaders })
})

export const schema = [
  'CREATE TABLE limits (institution TEXT PRIMARY KEY, used INTEGER NOT NULL, most INTEGER NOT NULL)',
  'CREATE TABLE request (institution TEXT, id TEXT, payment TEXT, PRIMARY KEY (institution, id))',
  'CREATE TABLE payment (id TEXT PRIMARY KEY, institution TEXT, minor INTEGER, status TEXT, at INTEGER)',
  'CREATE INDEX payment_of ON payment (institution, at)',
] as const
