/**
 * HTTP Message Signatures (RFC 9421) on requests and answers: the one place that knows the library.
 *
 * Requests cover method, target URI, institution and content digest. Answers cover status, institution,
 * content digest and the request's own signature, so that an answer cannot be passed off as another's.
 *
 * http-message-sig does the format: it takes plain descriptors, needs no Node, and its policy is explicit.
 */
import {
  component,
  createSignature,
  type FieldOccurrence,
  isSignatureError,
  type RequestDescriptor,
  type ResponseDescriptor,
  type SignatureComponent,
  type UntrustedSignatureCandidate,
  verifySignature,
} from 'http-message-sig'
import { BASE_MAX, type Evidence, shortBase } from '../domain/evidence.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import {
  INSTITUTION_HEADER,
  requestComponents,
  SIGNATURE_LABEL,
  SIGNATURE_WINDOW_S,
  type SignatureRefusal,
} from '../domain/signature.ts'
import { contentDigest, digestMatches } from './digest.ts'
import { base64Of, type SigningKey, sign, type VerifyingKey, verify } from './keys.ts'

export interface SignedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  /** The bytes as they were on the wire; empty where there was no body. */
  readonly body: Uint8Array
}

export interface SignedAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
}

/** Finds the key a message names, or undefined when it is not a valid key of that institution. */
export type KeyFinder = (keyId: string, institution: string) => Promise<VerifyingKey | undefined>

export interface Proof {
  readonly institution: string
  readonly keyId: string
  /** When it says it was signed, by the signer's clock; milliseconds since 1970, whole seconds. */
  readonly signedAt: number
  readonly evidence: Evidence
}

const boundTo = component('signature', { req: true, key: SIGNATURE_LABEL })

/** Adds digest, institution and signature to the headers of a request, in place. Gives what was signed, in short. */
export async function signRequest(
  request: SignedRequest,
  by: SigningKey,
  now: number,
): Promise<string> {
  const { headers, body } = request
  headers.set(INSTITUTION_HEADER, by.institution)
  const components: SignatureComponent[] = [...requestComponents]
  if (body.length > 0) {
    headers.set('content-digest', await contentDigest(body))
    components.push('content-digest')
  }
  return attach(headers, requestDescriptor(request, SIGNING), components, by, now)
}

/**
 * Adds digest, institution and signature to the headers of an answer, in place.
 *
 * @param to the request it answers, once that has been verified; null for any other. Whoever changed a request on
 * its way could otherwise get a refusal that is bound to the genuine one, and show it to who asked.
 */
export async function signAnswer(
  answer: SignedAnswer,
  to: SignedRequest | null,
  by: SigningKey,
  now: number,
) {
  const { headers, body } = answer
  headers.set(INSTITUTION_HEADER, by.institution)
  headers.set('content-digest', await contentDigest(body))
  const components: SignatureComponent[] = ['@status', INSTITUTION_HEADER, 'content-digest']
  if (to !== null) components.push(boundTo)
  await attach(headers, answerDescriptor(answer, to, SIGNING), components, by, now)
}

async function attach(
  headers: Headers,
  message: RequestDescriptor | ResponseDescriptor,
  components: readonly SignatureComponent[],
  by: SigningKey,
  now: number,
): Promise<string> {
  let base = ''
  const fields = await createSignature(message, {
    label: SIGNATURE_LABEL,
    components,
    parameters: { created: Math.floor(now / 1000), keyid: by.id, alg: by.algorithm },
    signer: {
      algorithm: by.algorithm,
      sign: bytes => {
        base = textOf(bytes)
        return sign(by, bytes)
      },
    },
  })
  headers.set('signature', fields.signature)
  headers.set('signature-input', fields.signatureInput)
  return base
}

const decoder = new TextDecoder()

/** Signature bases are ASCII. */
const textOf = (bytes: Uint8Array): string => shortBase(decoder.decode(bytes))

/** Refusals name the one check that failed, in this order: missing, malformed, coverage, stale, key, digest, invalid. */
export async function verifyRequest(
  request: SignedRequest,
  find: KeyFinder,
  now: number,
): Promise<Result<Proof>> {
  const needed: readonly string[] =
    request.body.length > 0 ? [...requestComponents, 'content-digest'] : requestComponents
  return check(
    request.headers,
    request.body,
    requestDescriptor(request, namedIn(request.headers)),
    needed,
    find,
    now,
  )
}

/** Like `verifyRequest`, and the answer must be bound to the request it answers. */
export async function verifyAnswer(
  answer: SignedAnswer,
  to: SignedRequest,
  find: KeyFinder,
  now: number,
): Promise<Result<Proof>> {
  const { headers, body } = answer
  const needed = ['@status', INSTITUTION_HEADER, 'content-digest', BOUND]
  return check(headers, body, answerDescriptor(answer, to, namedIn(headers)), needed, find, now)
}

const BOUND = `signature;req;key=${SIGNATURE_LABEL}`

async function check(
  headers: Headers,
  body: Uint8Array,
  message: RequestDescriptor | ResponseDescriptor,
  needed: readonly string[],
  find: KeyFinder,
  now: number,
): Promise<Result<Proof>> {
  const institution = headers.get(INSTITUTION_HEADER)
  if (!headers.has('signature') || !headers.has('signature-input')) {
    return refuse('SIGNATURE_MISSING')
  }
  if (institution === null) return refuse('SIGNATURE_COVERAGE')

  let failed: SignatureRefusal | null = null
  let signed: Uint8Array = new Uint8Array()
  const stop = (code: SignatureRefusal): never => {
    failed = code
    throw new Error(code)
  }
  try {
    const verified = await verifySignature(message, {
      label: SIGNATURE_LABEL,
      policy: {
        algorithms: ['ed25519', 'ecdsa-p256-sha256'],
        requiredComponents: [],
        requiredParameters: [],
        now: Math.floor(now / 1000),
        // Time is judged below, so that what the policy refuses is the algorithm and nothing else.
        clockSkew: Number.MAX_SAFE_INTEGER,
      },
      async resolveVerifier(candidate) {
        if (!covers(candidate, needed)) stop('SIGNATURE_COVERAGE')
        const { created, expires, keyid } = candidate.parameters
        if (!isCurrent(created, expires, now / 1000)) stop('SIGNATURE_STALE')
        const key = keyid === undefined ? undefined : await find(keyid, institution)
        if (key === undefined) return stop('SIGNATURE_KEY')
        // Wherever a digest is signed it must be the body's, also when the body was taken away.
        const digest = headers.get('content-digest')
        const digested = covers(candidate, ['content-digest'])
        if (digested && !(await digestMatches(digest ?? '', body))) stop('SIGNATURE_DIGEST')
        return {
          algorithm: key.algorithm,
          verify: (bytes, signature) => {
            signed = bytes
            return verify(key, bytes, signature)
          },
        }
      },
    })
    // What cannot be kept as evidence is not believed.
    if (signed.length > BASE_MAX) return refuse('SIGNATURE_COVERAGE')
    const evidence = { base: textOf(signed), signature: base64Of(verified.signature) }
    const { keyid: keyId = '', created = 0 } = verified.parameters
    return ok({ institution, keyId, signedAt: created * 1_000, evidence })
  } catch (error) {
    if (!isSignatureError(error)) throw error
    if (error.code !== 'ResolverFailed') return refuse(refusalOf(error.code))
    // Keys that could not be looked up say nothing about the signature.
    if (failed === null) throw error.cause ?? error
    return refuse(failed)
  }
}

function refusalOf(code: string): SignatureRefusal {
  switch (code) {
    case 'MissingField':
    case 'InvalidComponent':
    case 'DuplicateComponent':
    case 'UnsupportedFeature':
      return 'SIGNATURE_COVERAGE'
    case 'LabelRequired':
    case 'LabelMismatch':
      return 'SIGNATURE_MISSING'
    case 'MalformedField':
    case 'DuplicateLabel':
      return 'SIGNATURE_MALFORMED'
    default:
      return 'SIGNATURE_INVALID'
  }
}

/** The window is for clocks that differ; who sets an end to a signature gets that end. All in seconds. */
const isCurrent = (
  created: number | undefined,
  expires: number | undefined,
  nowS: number,
): boolean =>
  created !== undefined &&
  Math.abs(nowS - created) <= SIGNATURE_WINDOW_S &&
  (expires === undefined || nowS < expires)

function covers(candidate: UntrustedSignatureCandidate, needed: readonly string[]): boolean {
  const covered = new Set(
    candidate.components.map(({ name, parameters }) => {
      const { req, key } = parameters
      return [name, req === true ? 'req' : '', key === undefined ? '' : `key=${key}`]
        .filter(part => part !== '')
        .join(';')
    }),
  )
  return needed.every(name => covered.has(name))
}

const requestDescriptor = (request: SignedRequest, names: Iterable<string>): RequestDescriptor => ({
  kind: 'request',
  method: request.method,
  targetUri: request.url,
  fields: fieldsOf(request.headers, names),
})

const answerDescriptor = (
  { status, headers }: SignedAnswer,
  to: SignedRequest | null,
  names: Iterable<string>,
): ResponseDescriptor => ({
  kind: 'response',
  status,
  fields: fieldsOf(headers, names),
  ...(to === null ? {} : { request: requestDescriptor(to, bindingOf(names)) }),
})

const SIGNING = [INSTITUTION_HEADER, 'content-digest'] as const

/** Of the request that is answered, its signature; the rest only where the answer names it. */
const bindingOf = (names: Iterable<string>): Set<string> => new Set([...names, 'signature'])

function namedIn(headers: Headers): Set<string> {
  const named = headers.get('signature-input')?.matchAll(/"([a-z0-9-]+)"/g) ?? []
  return new Set<string>([
    ...SIGNING,
    'signature',
    'signature-input',
    ...Array.from(named, ([, name = '']) => name),
  ])
}

/**
 * Only what is ours or named by the signature. The library wants every field it is given in ASCII, and what others
 * write into theirs (a visitor's city, say) is no reason to refuse a message. Asked for by name, because each header
 * that is walked over costs a call out of JavaScript.
 */
function fieldsOf(headers: Headers, names: Iterable<string>): FieldOccurrence[] {
  const fields: FieldOccurrence[] = []
  for (const name of names) {
    const value = headers.get(name)
    if (value !== null) fields.push({ name, value })
  }
  return fields
}
