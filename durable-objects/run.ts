/** Runs of a journal: what of it one message to the queue holds, and what of an event the world is told. */
import { type News, type PackedBatch, packBatch, packEntry } from '../src/domain/lane-batch.ts'
import { packJson } from '../src/domain/pack.ts'
import type { PaymentEvent } from '../src/domain/payment.ts'
import type { Barred } from '../src/domain/payment-event.ts'
import { assert } from '../src/domain/result.ts'
import { isBarred, type JournalRow } from './chain.ts'
import type { Kept, Told } from './recent.ts'

/**
 * How much one message to the queue holds. A queue takes 128 KB and a character may be three bytes long, so this
 * many characters always fit; a run of usual letters is billed as one unit of 64 KB.
 */
export const RUN_ENTRIES = 100
const RUN_CHARACTERS = 40_000
/** Names, ids and brackets around one entry. */
const ENTRY_CHARACTERS = 100

/** Whose journal it is, and where it goes on. */
export interface RunPlace {
  readonly center: string
  readonly lane: string
  readonly after: number
}

/**
 * As many of these events as one message holds, with the payments they are about; null where there are none.
 *
 * @param kept the payment as it is now
 */
export function packRun(
  place: RunPlace,
  events: Iterable<Told>,
  kept: (id: string) => Kept | null,
): PackedBatch | null {
  const entries: string[] = []
  const payments = new Map<string, string>()
  let characters = 0
  for (const { seq, paymentId, isBar, text } of events) {
    const spoken = !isBar && !payments.has(paymentId)
    const payment = spoken ? kept(paymentId) : null
    assert(!spoken || payment !== null, `the journal speaks of ${paymentId}, which is not there`)
    characters += text.length + ENTRY_CHARACTERS + (payment?.text.length ?? 0)
    const full = entries.length >= RUN_ENTRIES || characters > RUN_CHARACTERS
    if (full && entries.length > 0) break
    entries.push(packEntry(seq, paymentId, text))
    if (payment !== null) payments.set(paymentId, payment.text)
  }
  if (entries.length === 0) return null
  return packBatch({ ...place, entries, payments: [...payments.values()] })
}

/** Event by event from here on, row by row: what a run does not take is not even parsed. */
export function* toldAfter(rows: Iterable<JournalRow>, after: number): Generator<Told> {
  for (const { before, entries } of rows) {
    for (const [index, [paymentId, event]] of entries.entries()) {
      const [seq, isBar] = [before + index + 1, isBarred(event)]
      if (seq > after) yield { seq, paymentId, isBar, text: packJson(news(event)) }
    }
  }
}

/**
 * Evidence stays in the journal: whoever reads what happened needs no proof of it, and it is most of the bytes. Terms
 * are told once, with the payment.
 */
export function news(event: PaymentEvent | Barred): News {
  if (event.type === 'opened') {
    const { terms: _, evidence: __, ...told } = event
    return told
  }
  if (!('evidence' in event)) return event
  const { evidence: _, ...told } = event
  return told
}
