/**
 * W3C Trace Context: one id for everything that one request causes, from whoever asked first, through edge, lane and
 * errands, to every member that is called because of it. Ids are hex; what is malformed counts for nothing.
 */

/** `00-<trace>-<parent>-<flags>`; a later version may have more behind it. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** The trace that a `traceparent` header names; null where it names none. */
export function traceIn(header: string | null | undefined): string | null {
  const [, version, trace, parent, , more] = TRACEPARENT.exec(header ?? '') ?? []
  if (trace === undefined || version === 'ff' || (version === '00' && more !== undefined))
    return null
  return isNothing(trace) || isNothing(parent ?? '') ? null : trace
}

const isNothing = (id: string): boolean => /^0*$/.test(id)

/** The header under which a call goes out. We keep a line of everything, so it is always sampled. */
export const traceparent = (trace: string, span: string): string => `00-${trace}-${span}-01`

/** An id out of random bytes: 16 for a trace, 8 for a span. */
export const idOf = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
