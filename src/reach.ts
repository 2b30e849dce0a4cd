/** Reaches objects of a center: repeats what may be repeated, and knows a center that is away from a fault in it. */
import type { Reach } from './domain/reach.ts'
import { Unavailable } from './domain/unavailable.ts'
import { Late, within } from './patience.ts'

/**
 * Calls once more where the platform says that this is safe, with a new stub, because an exception leaves the old one
 * broken. An overloaded object is never asked again: that would only feed the overload.
 */
export async function again<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    const { retryable, overloaded } = error as PlatformError
    if (retryable !== true || overloaded === true) throw judged(error)
    return once(call)
  }
}

/** For what must not be repeated. @throws Unavailable where the object could not be reached */
export async function once<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw judged(error)
  }
}

interface PlatformError {
  readonly retryable?: boolean
  readonly overloaded?: boolean
}

function judged(error: unknown): unknown {
  const { overloaded, retryable } = error as PlatformError
  const isAway = retryable === true || overloaded === true || away.test(String(error))
  return isAway ? new Unavailable('a center', error, { overloaded: overloaded === true }) : error
}

/** The platform marks most of it; the rest it only says in words. An error of our own code says none of them. */
const away = /network connection lost|durable object|internal error; reference|cannot connect/i

/** How an edge asks a center. */
export type Ask = <T>(center: string, patienceMs: number, call: () => Promise<T>) => Promise<T>

/** The longest that a lane may take to answer what it need not wait for. */
export const ANSWER_MS = 4_000

interface AskPorts {
  /** Tells the other centers how many calls in a row found nobody there; none where it is back. */
  complain(center: string, misses: number): Promise<unknown>
  /** Looks at the directory again: the lanes may be elsewhere by now. */
  renew(): Promise<unknown>
  /** Goes on behind the answer; must not throw. */
  after(work: Promise<unknown>): void
}

/**
 * Asks centers, and one that is away only now and then: other calls fail at once and unsent. Behind the answer of one
 * that found nobody, the edge complains to the other centers and reads the directory anew.
 */
export const asking =
  (reach: Reach, { complain, renew, after }: AskPorts): Ask =>
  async (center, patienceMs, call) => {
    if (!reach.mayTry(center, Date.now())) {
      throw new Unavailable(center, 'it did not answer before', { unsent: true })
    }
    const tell = () => after(complain(center, reach.misses(center)).catch(() => null))
    try {
      const value = await within(patienceMs, call())
      if (reach.heard(center)) tell()
      return value
    } catch (failed) {
      // What is late may still be done.
      const error = failed instanceof Late ? new Unavailable(center, failed) : failed
      const isThere = !(error instanceof Unavailable) || error.overloaded
      if (!isThere) {
        reach.missed(center, Date.now())
        tell()
        after(renew().catch(() => null))
      } else if (reach.heard(center)) tell()
      throw error
    }
  }

/** How a center asks another one: all it knows of it is whether it answers. */
export const inTime: Ask = (_, patienceMs, call) => within(patienceMs, call())
