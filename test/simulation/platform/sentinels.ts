/**
 * The sentinels of the world. Where centers are watched they are the real ones: they probe each other, vote, and write epochs
 * into the directory. Elsewhere they only vouch for it, and no epoch is written that was not known from the beginning.
 */
import { Sentinel } from '../../../durable-objects/sentinel.ts'
import type { Complaint, Word } from '../../../src/domain/vigil.ts'
import type { Vouch } from '../../../src/sentinels.ts'
import type { World } from '../world.ts'
import type { Center } from './center.ts'
import type { Space } from './gate.ts'
import { ObjectHost } from './object.ts'

/** As the draws know them, with the number of their center. */
const NUMBER = 3_300

export interface Sentinels {
  /** The sentinel of a center, to be asked by this name. */
  readonly space: Space
  readonly host: ObjectHost<Sentinel> | null
}

export function watching(center: Center, env: () => object, world: World): Sentinels {
  const make = (ctx: object) => new Sentinel(ctx as never, env() as never)
  const host = new ObjectHost(
    center.id,
    NUMBER + center.number,
    center,
    world,
    make,
    () => undefined,
    true,
  )
  return { space: { getByName: () => sentinelStub(host) }, host }
}

/** A sentinel as edges, its own lanes and lenders, and other sentinels see it. */
function sentinelStub(host: ObjectHost<Sentinel>) {
  const ask = <T>(work: (sentinel: Sentinel) => T | Promise<T>): Promise<T> =>
    host.call(-host.number, work)
  return {
    probe: (word: Word) => ask(sentinel => sentinel.probe(word)),
    complain: (complaint: Complaint) => ask(sentinel => sentinel.complain(complaint)),
    order: (center: string) => ask(sentinel => sentinel.order(center)),
    hold: (untilMs: number) => ask(sentinel => sentinel.hold(untilMs)),
    known: (institution: number, epoch: number) =>
      ask(sentinel => sentinel.known(institution, epoch)),
    vouch: (version: number) => ask(sentinel => sentinel.vouch(version)),
    rows: () => ask(sentinel => sentinel.rows()),
  }
}

/** What other centers grant: while one of them is within reach, no epoch is written that nobody here knows. */
export const vouching = (center: Center, world: World): Sentinels => ({
  space: { getByName: () => ({ vouch: (version: number) => vouch(version, center, world) }) },
  host: null,
})

async function vouch(version: number, center: Center, world: World): Promise<Vouch> {
  const { agenda, centers } = world
  const reached = center.isApart ? [center] : [...centers.values()].filter(each => !each.isApart)
  const { rows } = world.directoryAt(Math.max(...reached.map(({ seenAt }) => seenAt)))
  const ageMs = reached.length > 1 ? 0 : agenda.now - center.seenAt
  const confirmedAt = agenda.clock() - ageMs
  await agenda.pause(1)
  return { version: rows.version, confirmedAt, rows: rows.version > version ? rows : null }
}
