/** What a responder says of a payment in a request of its own, as the verdict it amounts to. */
import type { Context } from 'hono'
import type { Verdict } from '../domain/payment.ts'
import { responderCode } from '../domain/refusal.ts'
import type { Door } from '../middleware/door.ts'
import type { Authorization } from '../wire/consumer-code.ts'

export function verdictOf(c: Context<Door>, said: Authorization): Verdict {
  const evidence = c.get('evidence')
  return said.result === 'S'
    ? { said: 'accepted', reference: said.reference, key: c.get('keyId'), evidence }
    : { said: 'refused', code: responderCode(said.code ?? ''), evidence }
}
