/** The data folder of the box, `.data`: the lanes' own databases, the centers', the directory's, and the public keys. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { readAnchors } from '../../db/anchor.ts'
import { type Read, readProgress } from '../../db/projected.ts'
import { laneName } from '../../domain/payment-id.ts'
import { type StoredKeyPair, verifyingKey } from '../../trust/keys.ts'
import type { AnchorCopy } from './anchors.ts'
import {
  type Books,
  hasTable,
  type LaneBook,
  openReadOnly,
  placeIn,
  readOf,
  sqlOf,
} from './books.ts'
import type { MemberKey } from './keys.ts'

const LANES = /^opencpg-(\w+)-Lane$/
const DATABASE = /^[0-9a-f]{64}\.sqlite$/

/** Throws where the folder holds no lanes. */
export async function openDataFolder(folder: string): Promise<Books> {
  const homes = homesIn(folder)
  const found = homes.flatMap(home =>
    filesIn(join(home, 'do')).flatMap(name => {
      const center = LANES.exec(name)?.[1]
      // A process of its own has the lanes of its own center alone.
      const isAtHome = home === join(folder, 'gateway') || basename(home) === center
      return center !== undefined && isAtHome ? [[center, join(home, 'do', name)] as const] : []
    }),
  )
  const centers = found.map(([center]) => center)
  if (centers.length === 0)
    throw new Error(`${folder} is no data folder: there are no lanes in it.`)
  const lanesAt = new Map(found)
  const lanesOf = (center: string) => databasesIn(lanesAt.get(center) ?? '').map(laneBook)
  const databases = homes
    .flatMap(home => databasesIn(join(home, 'd1/miniflare-D1DatabaseObject')))
    .map(openReadOnly)
  const reads = databases.filter(each => hasTable(each, 'lane_progress')).map(readOf)
  const projections = projectionsOf(reads, new Map(centers.map(id => [id, lanesOf(id)])))
  const names = new Map([...projections].map(([center, read]) => [read, center]))
  const keepers = reads.map(read => [names.get(read) ?? 'another center', read] as const)
  return {
    centers: centers.map(center => ({
      center,
      whole: true,
      projection: projections.get(center) ?? null,
      copies: () => copiesOf(center, projections.get(center), keepers),
      lanes: () => lanesOf(center),
    })),
    memberKeys: databases.filter(each => hasTable(each, 'institution_keys')).flatMap(memberKeysOf),
    gatewayKeys: await gatewayKeysIn(join(folder, 'keys.json')),
    close: () => {
      for (const database of databases) database.close()
    },
  }
}

/** Where the gateway keeps what it keeps: one folder, or one in it for each of its processes. */
function homesIn(folder: string): string[] {
  const gateway = join(folder, 'gateway')
  return [gateway, ...filesIn(gateway).map(name => join(gateway, name))]
}

/** A witness has an anchor before the center notes it, so the center's own are read first. */
function copiesOf(
  center: string,
  own: Read | undefined,
  keepers: readonly (readonly [keeper: string, read: Read])[],
): AnchorCopy[] {
  return keepers
    .toSorted(([, one], [, other]) => Number(other === own) - Number(one === own))
    .map(([keeper, read]) => ({ keeper, anchors: readAnchors(read, center) }))
    .filter(({ anchors }) => anchors.length > 0)
}

const filesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : [])

const databasesIn = (folder: string): string[] =>
  filesIn(folder)
    .filter(name => DATABASE.test(name))
    .map(name => join(folder, name))

function laneBook(file: string): LaneBook {
  const open = () => openLane(file)
  const database = openReadOnly(file)
  try {
    return { file, place: placeIn(database), extent: 'whole', open }
  } catch {
    // What is no database any more names no lane; the lane that it was is missing.
    return { file, place: null, extent: 'whole', open }
  } finally {
    database.close()
  }
}

function openLane(file: string): ReturnType<LaneBook['open']> {
  const database = openReadOnly(file)
  database.exec('BEGIN')
  return { sql: sqlOf(database), close: () => database.close() }
}

/** The files do not say whose they are, but what is in them does: a projection is of the lanes of its center. */
function projectionsOf(
  reads: readonly Read[],
  lanes: ReadonlyMap<string, readonly LaneBook[]>,
): Map<string, Read> {
  const centers = new Map(
    [...lanes].flatMap(([center, list]) =>
      list.flatMap(({ place }) => (place === null ? [] : [[laneName(place), center] as const])),
    ),
  )
  const found = new Map<string, Read>()
  for (const read of reads) {
    const votes = [...readProgress(read).keys()].flatMap(lane => centers.get(lane) ?? [])
    const [most] = [...Map.groupBy(votes, center => center)].toSorted(
      ([, one], [, other]) => other.length - one.length,
    )
    if (most !== undefined) found.set(most[0], read)
  }
  return found
}

const memberKeysOf = (database: DatabaseSync): MemberKey[] =>
  readOf(database)<Record<'id' | 'institution' | 'algorithm' | 'publicKey', string>>(
    'SELECT id, institution, algorithm, public_key AS publicKey FROM institution_keys',
  ) as unknown as MemberKey[]

/** Of the key pairs only the public halves are looked at. */
async function gatewayKeysIn(path: string) {
  if (!existsSync(path)) return []
  const { gateway = [] } = JSON.parse(readFileSync(path, 'utf8')) as { gateway?: StoredKeyPair[] }
  return Promise.all(gateway.map(verifyingKey))
}
