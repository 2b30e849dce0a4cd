/** The pages for people: what is no call of the API may be one of them. */
import type { Context } from 'hono'
import type { Door } from '../middleware/door.ts'

/**
 * The page at this address, or null. In production the platform answers for pages before the Worker is asked; this is
 * for where nothing stands before it, as in the network in a box.
 */
export async function pageOf(c: Context<Door>): Promise<Response | null> {
  const { method, path } = c.req
  if ((method !== 'GET' && method !== 'HEAD') || /^\/(?:v1|ops)\//.test(path)) return null
  const page = await c.env.PAGES.fetch(c.req.raw)
  return page.status === 404 ? null : page
}
