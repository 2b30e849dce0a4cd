/** Runs of lanes as they travel through a queue: packed JSON in a string. */
import type { LaneBatch } from '../domain/lane-batch.ts'
import { unpackJson } from '../domain/pack.ts'

/** The run in a message; null for anything else, whoever put it there. */
export function readLaneBatch(body: unknown): LaneBatch | null {
  if (typeof body !== 'string') return null
  try {
    const batch = unpackJson<LaneBatch | null>(body)
    return batch !== null && isLaneBatch(batch) ? batch : null
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
