/**
 * Tokens of the identity service (Cloudflare Access, or the box's own issuer): JWTs under published keys. Only the
 * algorithms and the one issuer that are configured count; a token says nothing about how it is to be verified.
 */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import type { AccessClaims } from '../domain/access.ts'
import { ok, type Result, refuse } from '../domain/result.ts'

/** Access puts a person's groups into the token; more than this fits into no header anyway. */
const TOKEN_MAX = 16_384
/** Two clocks may differ by so much. */
const CLOCK_TOLERANCE_S = 30
/** A session is a working day; a token that claims to be good for longer is none of ours. */
const AGE_MAX_S = 86_400

const KEYS_TIMEOUT_MS = 3_000
/** Keys are asked for anew after an hour, and for a `kid` nobody knows, but never twice in half a minute. */
const KEYS_AGE_MS = 3_600_000
const KEYS_COOLDOWN_MS = 30_000

export interface AccessTerms {
  /** `https://<team>.cloudflareaccess.com` */
  readonly issuer: string
  /** Tags of the applications whose tokens count. */
  readonly audience: readonly string[]
  readonly keys: JWTVerifyGetKey
}

/** Refusals: ACCESS_INVALID, ACCESS_EXPIRED, and BUSY where the issuer's keys cannot be had. */
export async function verifyAccess(
  token: string,
  { issuer, audience, keys }: AccessTerms,
  now: number,
): Promise<Result<AccessClaims>> {
  if (token.length > TOKEN_MAX) return refuse('ACCESS_INVALID', { says: 'The token is too long.' })
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: [...audience],
      algorithms: ['RS256', 'ES256'],
      requiredClaims: ['exp', 'iat', 'aud', 'iss'],
      maxTokenAge: AGE_MAX_S,
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(now),
    })
    return ok(payload as AccessClaims)
  } catch (error) {
    if (error instanceof errors.JWTExpired) return refuse('ACCESS_EXPIRED')
    if (!(error instanceof errors.JOSEError)) {
      return refuse('BUSY', { says: 'The keys of the identity service cannot be had now.' })
    }
    return refuse('ACCESS_INVALID')
  }
}

/** The keys that an issuer publishes; the last known ones while it cannot be asked. */
export function publishedBy(issuer: string): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(new URL(`${issuer}/cdn-cgi/access/certs`), {
    timeoutDuration: KEYS_TIMEOUT_MS,
    cooldownDuration: KEYS_COOLDOWN_MS,
    cacheMaxAge: KEYS_AGE_MS,
  })
  return async (header, token) => {
    try {
      return await remote(header, token)
    } catch (error) {
      if (isOfToken(error)) throw error
      // An identity service that is away must not lock the operators out in the middle of it.
      const known = remote.jwks()
      if (known === undefined) throw new Error(`no keys of ${issuer}: ${error}`)
      return createLocalJWKSet(known)(header, token)
    }
  }
}

/** The keys are there, and none of them is the one that the token wants. */
const isOfToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported
