/** Runs of lanes as they travel through a queue: packed JSON in a string, a line for the run and one for each payment. */
import type { LaneBatch } from '../domain/lane-batch.ts'
import { unpackJson } from '../domain/pack.ts'
import type { Payment } from '../domain/payment.ts'

/** The run in a message; null for anything else, whoever put it there. */
export function readLaneBatch(body: unknown): LaneBatch | null {
  if (typeof body !== 'string') return null
  try {
    const [head = '', ...texts] = body.split('\n')
    const read = unpackJson<LaneBatch | null>(head)
    // A lane of the release before has the payments in the head.
    const batch =
      texts.length === 0 ? read : { ...read, payments: texts.map(unpackJson<Payment>), texts }
    return batch !== null && isLaneBatch(batch as LaneBatch) ? (batch as LaneBatch) : null
  } catch {
    return null
  }
}

/** What is checked is what the projection's own bookkeeping hangs on; the rest is the lane's word. */
const isLaneBatch = ({ lane, from, to, entries, payments }: LaneBatch): boolean =>
  typeof lane === 'string' &&
  Number.isSafeInteger(from) &&
  Number.isSafeInteger(to) &&
  Array.isArray(payments) &&
  Array.isArray(entries) &&
  from >= 1 &&
  entries.length === to - from + 1 &&
  entries.every(({ seq }, place) => seq === from + place)
