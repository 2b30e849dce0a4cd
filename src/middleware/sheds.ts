/**
 * Turns away what this isolate could only answer late: a no that comes at once leaves time to ask again, and what has been
 * let in is served while somebody still waits for it. Only what begins something new is turned away; reads, and whatever
 * ends what has begun, never are.
 *
 * Room is looked for before a signature is, which is most of what a no costs, and taken only by what a member has signed:
 * whoever sends bodies without end, or slowly, takes nobody's.
 */
import type { Context, Next } from 'hono'
import { createMiddleware } from 'hono/factory'
import { away, type Door } from './door.ts'

/** Requests of one isolate that begin something and have no answer yet. At 350 a second that is a wait of two seconds. */
const BEGUN_MAX = 700
const beginnings: ReadonlySet<string> = new Set([
  '/v1/quotes',
  '/v1/payments',
  '/v1/consumer-codes',
  '/v1/orders',
])

const begins = ({ req }: Context<Door>): boolean =>
  req.method === 'POST' && beginnings.has(req.path)

/** @param most how many at once */
export function shedding(most: number) {
  let begun = 0
  const isFull = (c: Context<Door>) => begins(c) && begun >= most
  return {
    /** Before anything is known of a request. */
    sheds: createMiddleware<Door>(async (c, next: Next) => (isFull(c) ? away(c, 'BUSY') : next())),
    /** Behind its signature: many may have looked for room at the same time. */
    serves: createMiddleware<Door>(async (c, next: Next) => {
      if (!begins(c)) return next()
      if (isFull(c)) return away(c, 'BUSY')
      begun += 1
      try {
        await next()
      } finally {
        begun -= 1
      }
    }),
  }
}

export const { sheds, serves } = shedding(BEGUN_MAX)
