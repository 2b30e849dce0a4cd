/** Code rules: what a wallet keeps, so that it can tell offline whether a code is payable through the gateway. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { codeRules as rulesOf } from '../codes/code-rules.ts'
import type { Door } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { codeRulesSchema, type WireCodeRules } from '../wire/code.ts'
import { readRefusals } from './refusals.ts'

const etagHeader = z.object({
  etag: z
    .string()
    .openapi({ description: 'Strong, over the whole body', example: '"8f14e45fceea167a"' }),
})

const getCodeRules = createRoute({
  method: 'get',
  path: '/v1/code-rules',
  operationId: 'getCodeRules',
  tags: ['Codes'],
  summary: 'Read the rules of payable codes',
  description:
    'Which families of codes have a route, how each is recognised and which institution keys are served. Ask again with If-None-Match: while nothing has changed the answer is 304 without a body, signed like every other.',
  request: {
    headers: z.object({
      'if-none-match': z.string().max(1_024).optional().openapi({
        description: 'The ETag, or several, that the wallet has',
      }),
    }),
  },
  responses: {
    200: {
      description: 'The rules',
      headers: etagHeader,
      content: { 'application/json': { schema: codeRulesSchema } },
    },
    304: { description: 'The wallet has the newest rules' },
    ...readRefusals(),
  },
})

export const codeRules = new OpenAPIHono<Door>({ defaultHook: malformed }).openapi(
  getCodeRules,
  c => {
    const directory = c.get('directory')
    const now = Date.now()
    const rules = rulesOf(directory.routes, id => directory.isOpen(id, now))
    const etag = `"${rules.version}"`
    c.header('etag', etag)
    // Only the wallet keeps it, and it asks each time whether its copy is still right.
    c.header('cache-control', 'private, no-cache')
    if (matches(c.req.valid('header')['if-none-match'], etag)) return c.body(null, 304)
    return c.json(rules as unknown as WireCodeRules, 200)
  },
)

/** RFC 9110, section 13.1.2: compared weakly, one of a list, or any. */
const matches = (asked: string | undefined, etag: string): boolean =>
  (asked ?? '').split(',').some(each => {
    const tag = each.trim()
    return tag === '*' || tag.replace(/^W\//, '') === etag
  })
