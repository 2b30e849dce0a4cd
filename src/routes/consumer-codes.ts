/** Consumer codes: one-time numbers that a wallet shows for its user, as bar code and as QR. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { issueCodes } from '../flows/consumer-code.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { codesRequestSchema, codesSchema } from '../wire/consumer-code.ts'
import { instantText } from '../wire/view.ts'
import { bodyHashOf } from './body-hash.ts'
import { writeRefusals } from './refusals.ts'
import { firstRequestedAt } from './requested-at.ts'
import { personIn, signed, wholeWorldOf } from './route.ts'

const makeCodes = createRoute({
  method: 'post',
  path: '/v1/consumer-codes',
  operationId: 'createConsumerCodes',
  tags: ['Codes'],
  security: signed,
  summary: 'Issue one-time consumer codes',
  description:
    "One to ten codes under the wallet's registered prefix, each good for 60 seconds and for one payment. The same request again gets the same codes.",
  request: {
    body: { required: true, content: { 'application/json': { schema: codesRequestSchema } } },
  },
  responses: {
    200: { description: 'The codes', content: { 'application/json': { schema: codesSchema } } },
    ...writeRefusals('ACCESS_DENIED', 'REPEAT_REQ_INCONSISTENT'),
  },
})

export const consumerCodes = new OpenAPIHono<Door>({ defaultHook: malformed }).openapi(
  makeCodes,
  async c => {
    const body = c.req.valid('json')
    const asked = firstRequestedAt(body.requestedAt, Date.now())
    if (!asked.ok) return problem(c, asked.refusal)
    const { document, payerReference, ...rest } = body
    const person = await personIn(c, payerReference, document)
    // Not even a hash that somebody could try documents against.
    const known = document === undefined ? {} : { document: person.tokens.at(-1)?.token }
    const bodyHash = await bodyHashOf({ ...rest, payerReference, ...known })
    const order = { ...rest, requestedAt: asked.value, payerReference, person, bodyHash }
    const issued = await issueCodes(c.get('institution'), order, wholeWorldOf(c))
    if (!issued.ok) return problem(c, issued.refusal)
    const { codes, expiresAt } = issued.value
    return c.json({ codes: [...codes], expiresAt: instantText(expiresAt) }, 200)
  },
)
