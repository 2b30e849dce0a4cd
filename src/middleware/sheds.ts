/**
 * Turns away what this isolate could only answer late: a no that comes at once leaves time to ask again, and what has been
 * let in is served while somebody still waits for it. Only what begins something new is turned away; reads, and whatever
 * ends what has begun, never are.
 */
import { createMiddleware } from 'hono/factory'
import { away, type Door } from './door.ts'

/** Requests of one isolate that begin something and have no answer yet. At 350 a second that is a wait of two seconds. */
export const BEGUN_MAX = 700
const beginnings: ReadonlySet<string> = new Set([
  '/v1/quotes',
  '/v1/payments',
  '/v1/consumer-codes',
  '/v1/orders',
])

/** @param most how many at once */
export function shedding(most: number) {
  let begun = 0
  return createMiddleware<Door>(async (c, next) => {
    if (c.req.method !== 'POST' || !beginnings.has(c.req.path)) return next()
    // Before its signature is looked at, which is most of what a no costs.
    if (begun >= most) return away(c, 'BUSY')
    begun += 1
    try {
      await next()
    } finally {
      begun -= 1
    }
  })
}

export const sheds = shedding(BEGUN_MAX)
