/** The journal of a lane, handed over to be verified elsewhere. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { newestAnchors } from '../db/anchor.ts'
import { recordAt } from '../db/steer.ts'
import { deskOf } from '../desk.ts'
import { paymentId, placeNamed, REQUEST_HASH_BYTES } from '../domain/payment-id.ts'
import { GATEWAY_ID } from '../domain/signature.ts'
import { askCenters } from '../flows/ask-centers.ts'
import { log } from '../log.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { gatewayKeys } from '../peers/ports.ts'
import { base64Of } from '../trust/keys.ts'
import { type JournalPage, journalPageSchema } from '../wire/ops-journal.ts'
import { projectionsOf } from '../world.ts'
import { opsProblems, takes } from './ops-route.ts'
import { wholeWorldOf } from './route.ts'

/** Half a day of minutes: an anchor vouches for everything before it. */
const ANCHORS = 720

const readJournal = createRoute({
  method: 'get',
  path: '/ops/v1/lanes/{lane}/journal',
  ...takes('read_payers'),
  summary: 'Read the journal of a lane, row by row',
  description:
    'As it is stored, who the payers are included, so that its chain and every signature in it can be verified elsewhere with `cpg verify`. The first page brings anchors and public keys, and is an entry of the audit chain.',
  request: {
    params: z.strictObject({ lane: z.string().max(20).openapi({ example: '102:1:0' }) }),
    query: z.strictObject({ after: z.coerce.number().int().min(0).default(0) }),
  },
  responses: {
    200: {
      description: 'A page of the journal',
      content: { 'application/json': { schema: journalPageSchema } },
    },
    ...opsProblems,
  },
})

export const opsJournal = new OpenAPIHono<Door>({ defaultHook: malformed }).openapi(
  readJournal,
  async c => {
    const { lane } = c.req.valid('param')
    const { after } = c.req.valid('query')
    const found = locate(c, lane)
    if (found === undefined) return problem(c, { code: 'NOT_FOUND' })
    const { center, place } = found
    await recordAt(deskOf(c), ['journal.read', lane, 'done'], { after })
    const rows = await wholeWorldOf(c).chained(center.id, place, after)
    const next = rows.at(-1)?.[0] ?? null
    const proof = after === 0 ? await proofOf(c, center.id) : null
    const page: JournalPage = {
      center: center.id,
      lane,
      proof,
      rows: rows.map(row => [...row]),
      next,
    }
    return c.json(page, 200)
  },
)

/** Only lanes that there may be: a call to any other object would make it. */
function locate(c: Context<Door>, lane: string) {
  const directory = c.get('directory')
  const hash = new Uint8Array(REQUEST_HASH_BYTES)
  const places = directory.centers.flatMap(({ number }) => placeNamed(lane, number) ?? [])
  return places
    .map(place => directory.locate(paymentId(place, hash)))
    .find(each => each !== undefined)
}

async function proofOf(c: Context<Door>, center: string): Promise<JournalPage['proof']> {
  const copies = await askCenters(
    projectionsOf(c.env),
    database => newestAnchors(database, center, ANCHORS),
    log,
  )
  const { published } = await gatewayKeys(c.env.GATEWAY_KEYS)
  const publicKey = async (key: CryptoKey) =>
    base64Of((await crypto.subtle.exportKey('spki', key)) as ArrayBuffer)
  return {
    anchors: [...copies].flatMap(([keeper, anchors]) =>
      anchors === null || anchors.length === 0
        ? []
        : [
            {
              keeper,
              anchors: anchors.map(({ heads, ...rest }) => ({
                ...rest,
                heads: heads.map(head => [...head] as [string, number, string]),
              })),
            },
          ],
    ),
    memberKeys: c.get('directory').rows.keys.map(({ id, institution, algorithm, publicKey }) => ({
      id,
      institution,
      algorithm,
      publicKey,
    })),
    gatewayKeys: await Promise.all(
      published.map(async ({ id, algorithm, key }) => ({
        id,
        institution: GATEWAY_ID,
        algorithm,
        publicKey: await publicKey(key),
      })),
    ),
  }
}
