/** Stands for `src/db/directory.ts`: the world's own directory behind a network, with the promises of the database. */
import type { ChangeOutcome } from '../../../src/db/directory.ts'
import type { ChangeTerms, DirectoryChange } from '../../../src/db/directory-change.ts'
import type { DirectoryRows } from '../../../src/domain/directory.ts'
import { stage } from '../stage.ts'

/** One round trip on average. */
const TRIP_MS = 30
const SPREAD = 0.8

/** A directory that somebody may not reach now. */
interface Source {
  readonly seenAt?: number
}

async function trip(source: Source): Promise<void> {
  const { agenda, dice } = stage()
  await agenda.pause(dice.delay(TRIP_MS, SPREAD, 'directory', 0))
  const seenAt = source.seenAt ?? agenda.now
  if (seenAt < agenda.now) throw new Error('the directory is away')
}

export async function readDirectory(source: Source): Promise<DirectoryRows> {
  await trip(source)
  const { agenda } = stage()
  const { rows } = stage().directoryAt(agenda.now)
  await trip(source)
  return rows
}

export async function changeDirectory(
  source: Source,
  expected: number,
  changes: readonly DirectoryChange[],
  terms: ChangeTerms,
): Promise<ChangeOutcome> {
  const { agenda } = stage()
  const askedAt = agenda.now
  await trip(source)
  const readAt = agenda.now
  await trip(source)
  const tookMs = agenda.now - askedAt
  await trip(source)
  const at = agenda.now
  const outcome = stage().steer(expected, changes, terms, { at, tookMs: tookMs + at - readAt })
  await trip(source)
  return outcome
}
