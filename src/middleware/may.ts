/** Lets through whose role allows it; a no is an entry of the audit chain. */
import { createMiddleware } from 'hono/factory'
import { auditDenied } from '../desk.ts'
import { may as isAllowed, type Right } from '../domain/access.ts'
import { type Door, problem } from './door.ts'

export const may = (right: Right) =>
  createMiddleware<Door>(async (c, next) => {
    if (isAllowed(c.get('staff'), right)) return next()
    await auditDenied(c, right)
    return problem(c, {
      code: 'ACCESS_DENIED',
      detail: { says: `This takes the right ${right}, which none of your roles has.` },
    })
  })
