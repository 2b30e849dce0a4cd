/** What every route of an institution shares: its world, and how it proves who asks. */
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Person } from '../domain/allowance.ts'
import type { CodeWorld, EdgeWorld, RecorderWorld } from '../flows/world.ts'
import type { Door } from '../middleware/door.ts'
import { type Document, personOf } from '../trust/person.ts'
import { edgeWorld, personsKeys, wholeWorld } from '../world.ts'

export const worldOf = (c: Context<Door>): EdgeWorld =>
  edgeWorld(
    c.env,
    { directory: c.get('directory'), confirmedAt: c.get('confirmedAt') },
    c.get('keys'),
    work => c.executionCtx.waitUntil(work),
    c.get('trace'),
  )

/** The same, for consumer codes and the flight recorder. */
export const wholeWorldOf = (c: Context<Door>): EdgeWorld & CodeWorld & RecorderWorld =>
  wholeWorld(c.env, worldOf(c))

/** Who pays: from here on only a token is left of the document. */
export const personIn = (
  c: Context<Door>,
  reference: string,
  document: Document | undefined,
): Promise<Person> =>
  personOf(c.get('institution').id, { reference, document: document ?? null }, personsKeys(c.env))

/** The id in a path: bounded here, understood by whoever finds its lane. */
export const idIn = z.object({
  id: z
    .string()
    .max(64)
    .openapi({ param: { name: 'id', in: 'path' } }),
})

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
