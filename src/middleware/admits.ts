/** The staff's door: lets in whoever the identity service vouches for, and no call that another site has made. */
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { admitStaff } from '../access.ts'
import { isOwnCall } from '../domain/access.ts'
import type { Refusal } from '../domain/refusal.ts'
import { log } from '../log.ts'
import { gatewayKeys } from '../peers/ports.ts'
import { type Door, problem } from './door.ts'
import { TRACE_RESPONSE, traceOf, traceResponse } from './traces.ts'

/** Access sets both on every request of a browser; a program sends the header alone. */
const TOKEN_HEADER = 'cf-access-jwt-assertion'
export const TOKEN_COOKIE = 'CF_Authorization'
/** What a program sends with a call that changes something; no other site can make a browser send it. */
const MARK_HEADER = 'cpg-ops'

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD'])

export const admits = createMiddleware<Door>(async (c, next) => {
  c.set('requestId', crypto.randomUUID())
  c.set('trace', traceOf(c))
  const refusal = await admit(c)
  if (refusal === null) await next()
  else c.res = problem(c, refusal)
  // A socket's answer is the platform's own, and is kept nowhere.
  if (c.res.status === SWITCHING) return
  // There is no Access-Control header anywhere: pages of other origins read nothing of this.
  c.header('cache-control', 'no-store')
  c.header('cross-origin-resource-policy', 'same-origin')
  c.header('x-content-type-options', 'nosniff')
  c.header('request-id', c.get('requestId'))
  c.header(TRACE_RESPONSE, traceResponse(c.get('trace')))
})

const SWITCHING = 101

/** Why whoever calls does not get in; null where it does. */
async function admit(c: Context<Door>): Promise<Refusal | null> {
  const { req } = c
  const call = {
    origin: req.header('origin') ?? null,
    site: req.header('sec-fetch-site') ?? null,
    marked: req.header(MARK_HEADER) !== undefined,
  }
  // A socket is opened by GET, and browsers let any page try.
  const only = reading.has(req.method) && req.header('upgrade') === undefined
  if (!only && !isOwnCall(call, new URL(req.url).origin)) return { code: 'ACCESS_CROSS_SITE' }
  const token = req.header(TOKEN_HEADER) ?? getCookie(c, TOKEN_COOKIE)
  if (token === undefined || token === '') return { code: 'ACCESS_MISSING' }
  const admitted = await admitStaff(token, c.env, Date.now())
  if (!admitted.ok) {
    const { code } = admitted.refusal
    log({ log: 'staff_refused', code, request: c.get('requestId'), trace: c.get('trace') })
    return admitted.refusal
  }
  c.set('staff', admitted.value)
  c.set('keys', await gatewayKeys(c.env.GATEWAY_KEYS))
  return null
}
