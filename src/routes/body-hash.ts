/** The hash by which a repeated request is told from another one under the same id. */
import { BODY_VERSION } from '../domain/body-hash.ts'
import { hexOf, sha256 } from '../trust/digest.ts'

const encoder = new TextEncoder()

/** Over the fields in the schema's order, so that only another meaning is another body. */
export const bodyHashOf = async (body: unknown): Promise<string> =>
  `${BODY_VERSION}:${hexOf(await sha256(encoder.encode(JSON.stringify(body))))}`
