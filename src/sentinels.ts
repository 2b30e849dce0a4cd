/** The sentinels of all centers, as edges and other centers reach them. */
import type { Ordered } from './db/steer.ts'
import type { Before } from './db/steering.ts'
import type { DirectoryRows } from './domain/directory.ts'
import type { KnownEpoch } from './domain/epoch.ts'
import type { Complaint, Word } from './domain/vigil.ts'
import type { SentinelBindings } from './env.ts'
import { within } from './patience.ts'

export interface SentinelWord {
  readonly word: Word
  /** Whether the lanes of the center answer. */
  readonly well: boolean
}

/** How far a sentinel vouches for the directory that it has. */
export interface Vouch {
  readonly version: number
  /** Every epoch, written before this, by which lanes leave its center is in that directory. Milliseconds since 1970. */
  readonly confirmedAt: number
  /** The directory itself, for who has an older one. */
  readonly rows: DirectoryRows | null
}

type Answer<T> = T | Promise<T>

/** A sentinel from outside. Its calls throw when the center cannot be reached. */
export interface SentinelPort {
  probe(word: Word): Answer<SentinelWord>
  complain(complaint: Complaint): Answer<void>
  order(center: string): Answer<void>
  hold(untilMs: number): Answer<void>
  known(institution: number, epoch: number): Answer<KnownEpoch | null>
  vouch(version: number): Answer<Vouch | null>
  rows(): Answer<{ readonly rows: DirectoryRows; readonly confirmedAt: number } | null>
}

type Remote<Port> = {
  [Name in keyof Port]: Port[Name] extends (...asked: infer Asked) => infer Said
    ? (...asked: Asked) => Promise<Awaited<Said>>
    : never
}

/** Each center has one, named like it. */
const spacesOf = (env: SentinelBindings): Readonly<Record<string, DurableObjectNamespace>> => ({
  hk: env.SENTINEL_HK,
  sg: env.SENTINEL_SG,
  fra: env.SENTINEL_FRA,
})

export function sentinelOf(env: SentinelBindings, center: string): Remote<SentinelPort> {
  const space = spacesOf(env)[center]
  if (space === undefined) throw new Error(`no sentinel of ${center} is bound`)
  return space.getByName(center) as unknown as Remote<SentinelPort>
}

/** Those of all centers but this one. */
export const otherSentinels = (
  env: SentinelBindings,
  center: string,
): readonly Remote<SentinelPort>[] =>
  Object.keys(spacesOf(env))
    .filter(id => id !== center)
    .map(id => sentinelOf(env, id))

/** How long a writer of epochs may take, once it has said that it is about to write. */
const HOLD_MS = 2_000
/** A center that does not answer by then is told nothing. */
const TOLD_MS = 1_000
/** For clocks, and for what the database still has to do. */
const MARGIN_MS = 500

/** Tells the other centers that an operator gives this one up. Those that do not hear of it have no say in it either. */
export async function orderLoss(env: SentinelBindings, center: string): Promise<Ordered> {
  const others = Object.keys(spacesOf(env)).filter(id => id !== center)
  const untold = await tellAll(others, id => sentinelOf(env, id).order(center))
  return { told: others.filter(id => !untold.includes(id)), untold }
}

/** Tells all centers that epochs are about to be written, so that none relies on anything but the directory. */
export async function holdCenters(env: SentinelBindings): Promise<Before> {
  const until = Date.now() + HOLD_MS
  const untold = await tellAll(Object.keys(spacesOf(env)), id => sentinelOf(env, id).hold(until))
  return { by: until - MARGIN_MS, untold }
}

/** @returns those that could not be told in time */
async function tellAll(
  centers: readonly string[],
  tell: (center: string) => Promise<void>,
): Promise<readonly string[]> {
  const untold: string[] = []
  await Promise.all(
    centers.map(async center => {
      try {
        await within(TOLD_MS, tell(center))
      } catch {
        untold.push(center)
      }
    }),
  )
  return untold
}
