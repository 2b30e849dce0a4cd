/** Reaches objects of a center: repeats what may be repeated, and knows a center that is away from a fault in it. */
import { Unavailable } from './domain/unavailable.ts'

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
  return isAway ? new Unavailable('a center', error, overloaded === true) : error
}

/** The platform marks most of it; the rest it only says in words. An error of our own code says none of them. */
const away = /network connection lost|durable object|internal error; reference|cannot connect/i
