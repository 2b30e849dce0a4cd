/** Lets through whose role allows it; a no is a line in the log. */
import { createMiddleware } from 'hono/factory'
import { may as isAllowed, type Right } from '../domain/access.ts'
import { log } from '../log.ts'
import { type Door, problem } from './door.ts'

export const may = (right: Right) =>
  createMiddleware<Door>(async (c, next) => {
    const staff = c.get('staff')
    if (isAllowed(staff, right)) return next()
    const { id, roles } = staff
    log({ log: 'staff_denied', staff: id, roles, right, request: c.get('requestId') })
    return problem(c, {
      code: 'ACCESS_DENIED',
      detail: { says: `This takes the right ${right}, which none of your roles has.` },
    })
  })
