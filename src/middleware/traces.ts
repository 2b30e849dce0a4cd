/** The trace that a request belongs to: the caller's, or one that begins here. */
import type { Context } from 'hono'
import { idOf, traceIn, traceparent } from '../domain/trace.ts'
import type { Door } from './door.ts'

export const traceOf = (c: Context<Door>): string =>
  traceIn(c.req.header('traceparent')) ?? idOf(crypto.getRandomValues(new Uint8Array(16)))

/** What the answer says of it (Trace Context, level 2): whoever brought none learns which one began. */
export const TRACE_RESPONSE = 'traceresponse'

export const traceResponse = (trace: string): string =>
  traceparent(trace, idOf(crypto.getRandomValues(new Uint8Array(8))))
