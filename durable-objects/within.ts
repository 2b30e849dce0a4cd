/** A remote call that must answer in time. */

/** @param pause resolves after `ms`, or never once the signal aborts
 *  @throws when nothing came in time; what comes later is not heard */
export async function within<T>(
  ms: number,
  work: Promise<T>,
  pause: (ms: number, signal: AbortSignal) => Promise<void>,
): Promise<T> {
  const patience = new AbortController()
  const late = pause(ms, patience.signal).then(() => {
    throw new Error(`no answer within ${ms} ms`)
  })
  // Whoever loses the race must not be heard of again.
  late.catch(() => null)
  work.catch(() => null)
  try {
    return await Promise.race([work, late])
  } finally {
    patience.abort()
  }
}
