/** What a payment costs in dollars, from what it uses and Cloudflare's list prices (Workers Paid, July 2026). */

/** US dollars for a million of each. */
const perMillion = {
  workerRequests: 0.3,
  /** A million milliseconds. */
  cpuMs: 0.02,
  /** Calls of an object, alarms included. */
  objectCalls: 0.15,
  rowsWritten: 1,
  /** Write, read and delete of a message are one each. */
  queueOperations: 0.4,
} as const

export type Used = Readonly<Record<keyof typeof perMillion, number>>

/** Dollars for a million payments that each use this much. Storage and the time objects stay awake are not in it. */
export const usdPerMillion = (used: Used): number =>
  Object.entries(perMillion).reduce(
    (sum, [what, price]) => sum + used[what as keyof Used] * price,
    0,
  )
