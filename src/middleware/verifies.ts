/** Lets in only what a member signed. The answer tells which check failed, and nothing else. */
import { createMiddleware } from 'hono/factory'
import { INSTITUTION_HEADER } from '../domain/signature.ts'
import { log } from '../log.ts'
import { keyFinder } from '../peers/ports.ts'
import { NOBODY, signals } from '../signals.ts'
import { verifyRequest } from '../trust/signature.ts'
import { type Door, problem } from './door.ts'

export const verifies = createMiddleware<Door>(async (c, next) => {
  const directory = c.get('directory')
  const request = {
    method: c.req.method,
    url: c.req.url,
    headers: c.req.raw.headers,
    body: await c.req.bytes(),
  }
  const proof = await verifyRequest(request, keyFinder(directory, Date.now), Date.now())
  if (!proof.ok) {
    const { code } = proof.refusal
    // Whoever says that it is a member may be somebody else; who is none is counted as nobody.
    const claimed = directory.institution(c.req.header(INSTITUTION_HEADER) ?? '')?.id
    signals.failed(claimed ?? NOBODY)
    log({ log: 'refused', code, request: c.get('requestId'), trace: c.get('trace') })
    return problem(c, proof.refusal)
  }
  const { institution: id, keyId, signedAt, evidence } = proof.value
  const institution = directory.institution(id)
  // A key without its member cannot be in the directory; if it were, it would open nothing.
  if (institution === undefined) return problem(c, { code: 'SIGNATURE_KEY' })
  c.set('verified', true)
  signals.verified(id, signedAt - Date.now())
  // A suspended member starts nothing, but may still learn how its open payments ended.
  if (c.req.method !== 'GET' && !directory.isOpen(id, Date.now())) {
    return problem(c, { code: 'MEMBER_SUSPENDED' })
  }
  c.set('institution', institution)
  c.set('keyId', keyId)
  c.set('evidence', evidence)
  return next()
})
