/**
 * The consumer of a center's events: projects what lanes tell, and tells the lanes what is projected.
 *
 * Each message stands for itself: one that fails comes back later and holds up no other lane. Whatever is lost
 * here is told again by its lane, until it hears that it is stored.
 */
import type { LaneBatch } from '../domain/lane-batch.ts'
import { readLaneBatch } from './lane-batch.ts'

export interface EventsPorts {
  /** Stores a run; `seq` is up to which the lane's journal is stored without a gap. Throws when it cannot. */
  project(batch: LaneBatch): Promise<{ readonly state: 'projected' | 'gap'; readonly seq: number }>
  /** Tells the lane that everything up to and including `seq` is stored. */
  acknowledge(lane: string, seq: number): Promise<void>
  /** Tells the lane that no more than up to `seq` is stored; whether it believed in more. */
  rewind(lane: string, seq: number): Promise<boolean>
  /** Begins to tell whoever watches the center; must not throw, and nothing waits for it. */
  watch(runs: readonly LaneBatch[]): void
  log(line: EventsLine): void
}

/** Only trouble is worth a line. */
export interface EventsLine {
  readonly log: 'events'
  /**
   * The message is no run, could not be stored, came before the run before it, its lane could not be told, or is to
   * tell again what the projection has lost.
   */
  readonly event: 'unreadable' | 'failed' | 'early' | 'unacknowledged' | 'rewound'
  readonly message: string | null
  readonly attempts: number | null
  readonly lane: string | null
  readonly from: number | null
  readonly to: number | null
  readonly reason: string | null
}

interface Run {
  readonly message: Message<unknown>
  readonly batch: LaneBatch
}

/**
 * A run that still comes too early then has none before it on its way: the projection may have lost what it had, and
 * the lane does not know.
 */
const EARLY_MAX = 3

/** Pause before a message comes back: 2 s, doubling to a minute. `attempts` counts from 1. */
export const backoffSeconds = (attempts: number): number => Math.min(2 ** attempts, 60)

/** Answers every message of the batch, with `ack` or `retry`; never throws. */
export async function consumeEvents(
  batch: MessageBatch<unknown>,
  ports: EventsPorts,
): Promise<void> {
  const runs: Run[] = []
  for (const message of batch.messages) {
    const run = readLaneBatch(message.body)
    if (run !== null) runs.push({ message, batch: run })
    // It ends in the dead-letter queue, where it is seen, and nothing waits for it.
    else comeBack(message, line('unreadable', message), ports)
  }
  const lanes = Map.groupBy(runs, run => run.batch.lane)
  ports.watch(runs.map(run => run.batch))
  await Promise.all([...lanes].map(([lane, list]) => consumeLane(lane, list, ports)))
}

/** In the order of the journal, because the queue keeps none and an early run would have to come back. */
async function consumeLane(lane: string, runs: Run[], ports: EventsPorts): Promise<void> {
  let stored = 0
  let lacking: number | null = null
  for (const run of runs.toSorted((one, other) => one.batch.from - other.batch.from)) {
    const { message, batch } = run
    try {
      const { state, seq } = await ports.project(batch)
      stored = Math.max(stored, seq)
      if (state === 'projected') message.ack()
      else {
        comeBack(message, line('early', message, batch, `stored up to ${seq}`), ports)
        if (message.attempts >= EARLY_MAX) lacking = seq
      }
    } catch (error) {
      comeBack(message, line('failed', message, batch, reasonOf(error)), ports)
    }
  }
  if (lacking !== null) await rewind(lane, Math.max(stored, lacking), ports)
  if (stored === 0) return
  try {
    // Everything from the first event on is stored, so one call says it for all, and for any that got lost.
    await ports.acknowledge(lane, stored)
  } catch (error) {
    const reason = reasonOf(error)
    const told = { lane, from: null, to: stored, reason }
    ports.log({ log: 'events', event: 'unacknowledged', message: null, attempts: null, ...told })
  }
}

/** A lane that knows how far it is stored has nothing to do; one that believed in more begins there. */
async function rewind(lane: string, seq: number, ports: EventsPorts) {
  const told = {
    log: 'events',
    message: null,
    attempts: null,
    lane,
    from: seq + 1,
    to: null,
  } as const
  try {
    const isBack = await ports.rewind(lane, seq)
    if (isBack) ports.log({ ...told, event: 'rewound', reason: `stored up to ${seq}` })
  } catch (error) {
    ports.log({ ...told, event: 'unacknowledged', reason: reasonOf(error) })
  }
}

function comeBack(message: Message<unknown>, why: EventsLine, ports: EventsPorts) {
  ports.log(why)
  message.retry({ delaySeconds: backoffSeconds(message.attempts) })
}

const line = (
  event: EventsLine['event'],
  { id, attempts }: Message<unknown>,
  batch: LaneBatch | null = null,
  reason: string | null = null,
): EventsLine => ({
  log: 'events',
  event,
  message: id,
  attempts,
  lane: batch?.lane ?? null,
  from: batch?.from ?? null,
  to: batch?.to ?? null,
  reason,
})

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`)
