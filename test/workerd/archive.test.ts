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
import { keepPiece } from '../../src/bucket.ts'
import center from '../../src/center.ts'
import { changeDirectory } from '../../src/db/directory.ts'
import { putEpoch } from '../../src/db/directory-change.ts'
import type { ChainedRow } from '../../src/domain/anchor.ts'
import { folderOf, PATIENCE_MS, pieceName, rowsIn } from '../../src/domain/archive.ts'
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

// A lane that has just been anchored up to its middle would be archived in more pieces than these tests count.
const DUE = `
UPDATE lane_progress SET anchored_at = 0, archive_at = iif(anchored_seq >= seq, 0, ${Number.MAX_SAFE_INTEGER})`

/** A minute later: everything that is due by then is done. */
async function ring(around: Partial<CenterEnv> = {}) {
  const ctx = createExecutionContext()
  await DB.prepare(DUE).run()
  await center.scheduled(createScheduledController(), { ...bindings, ...around }, ctx)
  await waitOnExecutionContext(ctx)
}

const pieces = async () => (await ARCHIVE.list({ prefix: folderOf(name) })).objects

const PATIENT_MS = 60_000
const patiently = { timeout: PATIENT_MS / 3, interval: 200 }

const isProjected = async () => {
  const row = await DB.prepare('SELECT seq FROM lane_progress WHERE lane = ?')
    .bind(name)
    .first<{ seq: number }>()
  expect(row?.seq).toBe((await stub.head()).seq)
}

/** Rings until the archive has so many pieces: projection and anchor come first, by themselves. */
async function archivedIn(count: number) {
  await vi.waitFor(isProjected, patiently)
  await vi.waitFor(async () => {
    await ring()
    expect(await pieces()).toHaveLength(count)
  }, patiently)
}

const forget = (rows: string) =>
  runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec(`DELETE FROM journal WHERE ${rows}`)
  })

it(
  'keeps the journal of a lane that has ended, and gives it back when the lane has lost it',
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
    await vi.waitFor(isProjected, patiently)
    let asked = 0
    await vi.waitFor(async () => {
      const list = () => Promise.reject(new Error(`away ${++asked}`))
      await ring({ ARCHIVE: { list } as unknown as R2Bucket })
      expect(asked).toBeGreaterThan(0)
    }, patiently)
    expect(await pieces()).toHaveLength(2)
    // Its own rows are read without the bucket.
    expect(await lane.chained(3)).toHaveLength(1)
    await archivedIn(3)
  },
  PATIENT_MS,
)

it('believes that a piece is kept only where the bucket has that very one', async () => {
  const [lane, center] = ['700:1:0', 'hk']
  const rows = [
    [1, '[1]', 'h1'],
    [2, '[2]', 'h2'],
  ] as const
  const piece = { center, lane, after: 0, rows }
  const name = pieceName(lane, 2)
  expect(await keepPiece(ARCHIVE, piece)).toBe(true)
  const text = await (await ARCHIVE.get(name))!.text()
  expect(await keepPiece(ARCHIVE, piece), 'again').toBe(true)
  const another = [rows[0], [2, '[3]', 'h3']] as const
  expect(await keepPiece(ARCHIVE, { ...piece, rows: another })).toBe(false)
  expect(await (await ARCHIVE.get(name))!.text()).toBe(text)
  // A shorter one is there, too: somebody has gone another way.
  expect(await keepPiece(ARCHIVE, { ...piece, rows: rows.slice(0, 1) })).toBe(true)
  expect(await keepPiece(ARCHIVE, piece)).toBe(false)
})
