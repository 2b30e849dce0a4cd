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
    if (read === null) return null
    // A lane of the release before has the payments in the head. A run of bars alone has none at all.
    const batch = 'payments' in read ? read : withPayments(read, texts)
    return isLaneBatch(batch) ? batch : null
  } catch {
    return null
  }
}

const withPayments = (read: Omit<LaneBatch, 'payments'>, texts: readonly string[]): LaneBatch => ({
  ...read,
  payments: texts.map(text => unpackJson<Payment>(text)),
  texts,
})

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
