/** Archiving as a center does it: from its own lanes to its bucket. */
import { keepPiece, knownPiece } from './bucket.ts'
import { claimLanes, markArchived } from './db/archive.ts'
import type { ChainedRow } from './domain/anchor.ts'
import type { LaneRest } from './domain/archive.ts'
import type { CenterEnv } from './env.ts'
import { archiveLanes } from './flows/archive.ts'
import { log } from './log.ts'
import { snapshotOf } from './snapshot.ts'

/** A bucket that could not be reached is left alone this long by this isolate. */
const REST_MS = 5 * 60_000
/** Kept by binding, so that tests with several centers in one isolate do not share one. */
const restUntil = new WeakMap<object, number>()

interface ReadLane {
  rest(): Promise<LaneRest>
  chained(after: number): Promise<readonly ChainedRow[]>
}

/** Never throws: what was not archived is due again, and nothing waits for it. */
export async function fillArchive(
  env: CenterEnv,
  after: (work: Promise<unknown>) => void,
): Promise<void> {
  const { CENTER: center, ARCHIVE: bucket, DB: db, LANE: lanes } = env
  if (Date.now() < (restUntil.get(bucket) ?? 0)) return
  try {
    const directory = await snapshotOf(env).get(Date.now(), after)
    const lane = (name: string) => lanes.getByName(name) as unknown as ReadLane
    await archiveLanes({
      center,
      now: Date.now,
      claim: (now, limit) => claimLanes(db, now, limit),
      until(name) {
        const [institution = 0, epoch = 0] = name.split(':').map(Number)
        const requester = directory.institutionByNumber(institution)
        return requester && directory.epochBounds(requester.id, epoch)?.until
      },
      rest: name => lane(name).rest(),
      rows: (name, from) => lane(name).chained(from),
      known: (name, from) => knownPiece(bucket, name, from),
      keep: piece => keepPiece(bucket, piece),
      mark: told => markArchived(db, told),
      log,
    })
  } catch (error) {
    restUntil.set(bucket, Date.now() + REST_MS)
    log({ log: 'archive', event: 'failed', center, reason: String(error) })
  }
}
