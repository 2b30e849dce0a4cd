/**
 * Something without which nothing can be done is away just now. Thrown and not returned, because no flow can decide
 * anything about it; whoever asked hears that the same request may be sent again.
 */
export class Unavailable extends Error {
  /** It is there and has too much to do; to ask again soon would only feed that. */
  readonly overloaded: boolean
  /** It was known to be away, so nothing was sent: whatever was asked has not been done. */
  readonly unsent: boolean

  constructor(what: string, cause: unknown, { overloaded = false, unsent = false } = {}) {
    super(`${what} is away: ${cause instanceof Error ? cause.message : cause}`, { cause })
    this.name = 'Unavailable'
    this.overloaded = overloaded
    this.unsent = unsent
  }
}

/** When to ask again, in milliseconds: most of what is away restarts, and a till waits. */
export const AWAY_MS = 1_000
