/**
 * What the record day of the world's largest clearing house would take, reckoned from what one payment was measured to
 * use. A reckoning and no promise: it says which of the platform's limits is met first.
 */
import { usdPerMillion } from './prices.ts'

/** NetsUnion's record day of 2025, and the shape of its Double-11 of 2018, the only one whose peak is known. */
const DAY = 3_710_000_000
const PEAK_TO_MEAN = 6.8
const SECONDS = 86_400
/** An object is asked to do no more than this for long, though it could (Cloudflare's own rule for moderate work). */
const LANE_CALLS = 500
/** What one queue takes in a second (Cloudflare's limit); a center has one. */
const QUEUE_MESSAGES = 5_000
/** D1 takes 10 GB a database, a payment a kilobyte of it. */
const D1_BYTES = 10e9
const PAYMENT_BYTES = 1_200

export interface OnePayment {
  readonly cpuMs: number
  readonly workerRequests: number
  readonly rowsWritten: number
  readonly objectCalls: number
  readonly queueOperations: number
  /** Payments per second that one lane was seen to take. */
  readonly perLane: number
}

/** Rows of a table: what, how much, why. */
export function onPaper(one: OnePayment): (readonly [string, string, string])[] {
  const number = (value: number) => Math.ceil(value).toLocaleString('en')
  const mean = DAY / SECONDS
  const peak = mean * PEAK_TO_MEAN
  const calls = LANE_CALLS / one.objectCalls
  const perLane = Math.min(one.perLane, calls)
  const usd = usdPerMillion(one)
  const messages = one.queueOperations / 3
  return [
    ['payments a day', number(DAY), 'record day of NetsUnion, 2025'],
    ['a second, mean', number(mean), ''],
    ['a second, peak', number(peak), `${PEAK_TO_MEAN} × the mean, as on Double-11 2018`],
    [
      'lanes at the peak',
      number(peak / perLane),
      `${perLane.toFixed(0)} a second each: ${one.perLane.toFixed(0)} measured, ${calls.toFixed(0)} by ${LANE_CALLS} calls/s an object`,
    ],
    [
      'lanes an institution',
      '1 to 64',
      `so at least ${number(peak / perLane / 64)} institutions share it`,
    ],
    [
      'centers at the peak',
      number((peak * messages) / QUEUE_MESSAGES + 1),
      `${messages.toFixed(2)} messages a payment, ${QUEUE_MESSAGES.toLocaleString('en')} a second in a center's queue, and one to lose`,
    ],
    [
      'CPU cores at the peak',
      number((peak * one.cpuMs) / 1_000),
      `${one.cpuMs.toFixed(2)} ms each`,
    ],
    ['object calls a day', number(DAY * one.objectCalls), ''],
    ['rows written a day', number(DAY * one.rowsWritten), ''],
    [
      'databases of D1 filled a day',
      number((DAY * PAYMENT_BYTES) / D1_BYTES),
      'a center has one today: at this size the projection must be cut by day and hash',
    ],
    ['US dollars a day', number((DAY / 1e6) * usd), `${usd.toFixed(2)} a million, list price`],
  ]
}
