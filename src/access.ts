/** How staff gets in, from the configuration: once for each isolate. */
import { type Grants, type Staff, staffOf } from './domain/access.ts'
import { type Result, refuse } from './domain/result.ts'
import type { EdgeEnv } from './env.ts'
import { type AccessTerms, publishedBy, verifyAccess } from './trust/access.ts'

type Configuration = Pick<EdgeEnv, 'ACCESS_ISSUER' | 'ACCESS_AUDIENCE' | 'ACCESS_GRANTS'>

/** Who this token lets in. Refusals: those of `verifyAccess` and `staffOf`, and ACCESS_DENIED where none is configured. */
export async function admitStaff(
  token: string,
  env: Configuration,
  now: number,
): Promise<Result<Staff>> {
  const { terms, grants } = configured(env)
  if (terms.audience.length === 0) {
    return refuse('ACCESS_DENIED', { says: 'No identity service is configured.' })
  }
  const claims = await verifyAccess(token, terms, now)
  return claims.ok ? staffOf(claims.value, grants) : claims
}

let held: { readonly of: string; readonly terms: AccessTerms; readonly grants: Grants } | undefined

function configured(env: Configuration) {
  const of = [env.ACCESS_ISSUER, env.ACCESS_AUDIENCE, env.ACCESS_GRANTS].join('\n')
  if (held?.of === of) return held
  const issuer = env.ACCESS_ISSUER
  const audience = env.ACCESS_AUDIENCE.split(' ').filter(tag => tag !== '')
  const terms = { issuer, audience, keys: publishedBy(issuer) }
  held = { of, terms, grants: JSON.parse(env.ACCESS_GRANTS) as Grants }
  return held
}
