/** Signs every answer and binds it to the request that was verified: a member can believe a no as well as a yes. */
import { createMiddleware } from 'hono/factory'
import { gatewayKeys } from '../peers/ports.ts'
import { signAnswer } from '../trust/signature.ts'
import type { Door } from './door.ts'
import { noteRefusal, tellMonitors } from './signals.ts'
import { TRACE_RESPONSE, traceOf, traceResponse } from './traces.ts'

export const signs = createMiddleware<Door>(async (c, next) => {
  const keys = await gatewayKeys(c.env.GATEWAY_KEYS)
  c.set('keys', keys)
  c.set('requestId', crypto.randomUUID())
  c.set('trace', traceOf(c))
  await next()
  noteRefusal(c)
  tellMonitors(c)
  const { status, headers: given } = c.res
  const body = new Uint8Array(await c.res.arrayBuffer())
  const headers = new Headers(given)
  headers.set('request-id', c.get('requestId'))
  headers.set(TRACE_RESPONSE, traceResponse(c.get('trace')))
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  // Only the request's signature is bound to, and that speaks of its body already.
  const { method, url, headers: asked } = c.req.raw
  const request = { method, url, headers: asked, body: new Uint8Array() }
  const to = c.get('verified') === true ? request : null
  await signAnswer({ status, headers, body }, to, keys.signing, Date.now())
  // Hono merges the headers of an answer that is replaced; this one is complete.
  c.res = undefined
  c.res = new Response(bodiless.has(status) ? null : body, { status, headers })
})

/** What the web forbids to carry a body, even an empty one. */
const bodiless: ReadonlySet<number> = new Set([204, 304])
