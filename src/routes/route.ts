/** What every route of an institution shares: its world, and how refusals look in the API's description. */
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { CodeWorld, EdgeWorld, RecorderWorld } from '../flows/world.ts'
import type { Door } from '../middleware/door.ts'
import { problemSchema } from '../wire/problem.ts'
import { edgeWorld, wholeWorld } from '../world.ts'

export const worldOf = (c: Context<Door>): EdgeWorld =>
  edgeWorld(
    c.env,
    { directory: c.get('directory'), confirmedAt: c.get('confirmedAt') },
    c.get('keys'),
    work => c.executionCtx.waitUntil(work),
  )

/** The same, for consumer codes and the flight recorder. */
export const wholeWorldOf = (c: Context<Door>): EdgeWorld & CodeWorld & RecorderWorld =>
  wholeWorld(c.env, worldOf(c))

/** The id in a path: bounded here, understood by whoever finds its lane. */
export const idIn = z.object({
  id: z
    .string()
    .max(64)
    .openapi({ param: { name: 'id', in: 'path' } }),
})

const refused = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
})

export const problems = {
  400: refused('The request has the wrong shape'),
  401: refused('The signature does not count; the code tells which check failed'),
  403: refused('This institution may not do this'),
  404: refused('There is no such thing, or none this institution is party to'),
  409: refused('It contradicts what already is'),
  413: refused('The body is larger than 65536 bytes'),
  422: refused('It is well formed and cannot be done'),
  429: refused('Too many at once; the same request may be sent again'),
  500: refused('The gateway failed; ask what became of the payment'),
  502: refused('A member answered in a way that cannot be used'),
  503: refused('Not now; the same request may be sent again'),
  504: refused('A member did not answer in time; nothing was created'),
} as const

/** How every call of an institution proves who makes it; the document shows it with each route. */
export const signed = [{ signature: [] }]

export const signatureScheme = {
  type: 'apiKey',
  in: 'header',
  name: 'Signature',
  description: [
    'HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530), Ed25519 or ECDSA P-256, label `cpg`.',
    'Covered: `@method`, `@target-uri`, `cpg-institution`, and `content-digest` where there is a body.',
    'Parameters: `created` within 300 s of now, `keyid`. Answers are signed by `gateway` and cover the signature they answer.',
  ].join(' '),
} as const
