/** The archive where it really is: a lane, its center's clock, and the bucket. */
import {
  createExecutionContext,
  createScheduledController,
  runInDurableObject,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it, vi } from 'vitest'
import type { Lane } from '../../durable-objects/lane.ts'
import center from '../../src/center.ts'
import { changeDirectory } from '../../src/db/directory.ts'
import { putEpoch } from '../../src/db/directory-change.ts'
import type { ChainedRow } from '../../src/domain/anchor.ts'
import { folderOf, PATIENCE_MS, rowsIn } from '../../src/domain/archive.ts'
import type { Message } from '../../src/domain/payment.ts'
import { laneName, paymentId } from '../../src/domain/payment-id.ts'
import type { CenterEnv } from '../../src/env.ts'
import type { LanePort } from '../../src/flows/world.ts'
import { epoch, network } from '../db/network.ts'
import { centerDatabase, directoryDatabase, witnessDatabase } from './migrated.ts'

const bindings = env as unknown as CenterEnv
const { LANE, DB, ARCHIVE } = bindings

const place = { center: 1, institution: 1, epoch: 1, lane: 0 }
const name = laneName(place)
const stub = LANE.getByName(name) as DurableObjectStub<Lane>
const lane = stub as unknown as LanePort & { chained(after: number): Promise<ChainedRow[]> }

beforeAll(async () => {
  const [directory] = await Promise.all([directoryDatabase(), centerDatabase(), witnessDatabase()])
  const ended = Date.now() - 2 * PATIENCE_MS
  const changes = [...network, putEpoch({ ...epoch, epoch: 2, from: ended })]
  // As it was written before the epoch began.
  const terms = { now: ended - PATIENCE_MS, sandbox: false }
  expect(await changeDirectory(directory, 0, changes, terms)).toMatchObject({ ok: true })
})

/** What nobody has opened is cancelled: a row of the journal, and nobody who would have to be told. */
const bars = async (n: number) => {
  const cancel: Message = { kind: 'cancel', requestId: `c${n}`, bodyHash: `c${n}` }
  await lane.submit(paymentId(place, new Uint8Array(32).fill(n)), cancel)
}

/** A minute later: everything that is due by then is done. */
async function ring(around: Partial<CenterEnv> = {}) {
  const ctx = createExecutionContext()
  await DB.prepare('UPDATE lane_progress SET anchored_at = 0, archive_at = 0').run()
  await center.scheduled(createScheduledController(), { ...bindings, ...around }, ctx)
  await waitOnExecutionContext(ctx)
}

const pieces = async () => (await ARCHIVE.list({ prefix: folderOf(name) })).objects

const PATIENT_MS = 60_000
/** Rings until the archive has so many pieces: projection and anchor come first, by themselves. */
const archivedIn = (count: number) =>
  vi.waitFor(
    async () => {
      await ring()
      expect(await pieces()).toHaveLength(count)
    },
    { timeout: PATIENT_MS / 2, interval: 200 },
  )

const forget = (rows: string) =>
  runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec(`DELETE FROM journal WHERE ${rows}`)
  })

it(
  'keeps the journal of a lane that has ended, and gives it back when the lane has let go of it',
  async () => {
    await bars(1)
    await bars(2)
    await archivedIn(1)
    const whole = await lane.chained(0)
    expect(whole).toHaveLength(2)
    const [first] = await pieces()
    expect(rowsIn(await (await ARCHIVE.get(first!.key))!.text(), 0)).toEqual(whole)

    await forget('last < 2')
    expect(await lane.chained(0)).toEqual(whole)
    expect(await lane.chained(1)).toEqual(whole.slice(1))
    expect(await lane.chained(2)).toEqual([])

    // A cancel comes late: the next piece has what is new, and both are read in a row.
    await bars(3)
    await archivedIn(2)
    const rest = await lane.chained(2)
    expect(rest).toHaveLength(1)
    await forget('last < 3')
    expect(await lane.chained(0)).toEqual(whole)
    expect(await lane.chained(2)).toEqual(rest)
  },
  PATIENT_MS,
)

it(
  'has nobody wait for a bucket that is away, and is filled when it is back',
  async () => {
    await bars(4)
    const away = { list: () => Promise.reject(new Error('away')) } as unknown as R2Bucket
    await vi.waitFor(async () => {
      const row = await DB.prepare('SELECT seq FROM lane_progress WHERE lane = ?')
        .bind(name)
        .first<{ seq: number }>()
      expect(row?.seq).toBe(4)
    }, 20_000)
    await ring({ ARCHIVE: away })
    expect(await pieces()).toHaveLength(2)
    // Its own rows are read without the bucket.
    expect(await lane.chained(3)).toHaveLength(1)
    await archivedIn(3)
  },
  PATIENT_MS,
)
