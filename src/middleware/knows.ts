/** Gives the request the network directory as this isolate knows it, at most five seconds old. */
import { createMiddleware } from 'hono/factory'
import { snapshotOf } from '../snapshot.ts'
import type { Door } from './door.ts'

export const knows = createMiddleware<Door>(async (c, next) => {
  const after = (work: Promise<unknown>) => c.executionCtx.waitUntil(work)
  const held = await snapshotOf(c.env).held(Date.now(), after)
  c.set('directory', held.directory)
  c.set('confirmedAt', held.confirmedAt)
  return next()
})
