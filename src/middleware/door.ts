/** What every handler behind the door finds in its context. */
import type { Context, TypedResponse } from 'hono'
import type { Staff } from '../domain/access.ts'
import type { Directory } from '../domain/directory.ts'
import type { Evidence } from '../domain/evidence.ts'
import type { Institution } from '../domain/institution.ts'
import { type Refusal, resultCodes } from '../domain/refusal.ts'
import { AWAY_MS } from '../domain/unavailable.ts'
import type { EdgeEnv } from '../env.ts'
import type { GatewayKeys } from '../peers/ports.ts'
import { PROBLEM_TYPE, problemOf } from '../wire/problem.ts'

export interface Door {
  Bindings: EdgeEnv
  Variables: {
    /** Of this HTTP request; it is in every problem and every log line. */
    requestId: string
    /** W3C trace that it belongs to, hex. */
    trace: string
    keys: GatewayKeys
    /** Why it was turned away, where it was. */
    refusal: Refusal | undefined
    directory: Directory
    /** When it was last known to be like this, milliseconds since 1970. */
    confirmedAt: number
    /** Whether the request's signature counts: answers are bound to no other. */
    verified: boolean | undefined
    /** Who signed, and with which key. Set by `verifies`. */
    institution: Institution
    keyId: string
    /** The signature itself, for what is kept of a statement. */
    evidence: Evidence
    /** Who of the staff is signed in. Set by `admits`, and only under `/ops`. */
    staff: Staff
  }
}

/** Fits every route's answer: the compiler knows the answers of success, the closed table knows the refusals. */
type Refused = Response & TypedResponse<never, 200, 'json'>

/** A refusal as an answer: RFC 9457 problem details. */
export function problem(c: Context<Door>, refusal: Refusal): Refused {
  c.set('refusal', refusal)
  const content = JSON.stringify(problemOf(refusal, c.get('requestId'), c.get('trace')))
  const status = resultCodes[refusal.code].http
  const headers = new Headers({ 'content-type': PROBLEM_TYPE })
  const { retryAfterMs } = refusal.detail ?? {}
  if (retryAfterMs !== undefined) headers.set('retry-after', `${Math.ceil(retryAfterMs / 1_000)}`)
  return new Response(content, { status, headers }) as Refused
}

/** The same request may be sent again: nobody can say now what becomes of it, and of a payment nothing is decided. */
export function away(c: Context<Door>, code: 'BUSY' | 'CENTER_UNAVAILABLE'): Refused {
  const isAboutOne = /^\/v1\/(payments|refunds)\b/.test(c.req.path)
  const about = isAboutOne ? {} : ({ undecided: true } as const)
  return problem(c, { code, detail: { retryAfterMs: AWAY_MS, ...about } })
}
