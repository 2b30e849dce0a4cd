/** Anchors where they are really made: a lane, its queue, the center's database and its witness's. */
import {
  createExecutionContext,
  createMessageBatch,
  createScheduledController,
  runInDurableObject,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it, vi } from 'vitest'
import type { Lane } from '../../durable-objects/lane.ts'
import center from '../../src/center.ts'
import { lastAnchor } from '../../src/db/anchor.ts'
import { type Anchor, anchorText } from '../../src/domain/anchor.ts'
import { packJson } from '../../src/domain/pack.ts'
import type { Message } from '../../src/domain/payment.ts'
import { laneName, paymentId } from '../../src/domain/payment-id.ts'
import type { CenterEnv } from '../../src/env.ts'
import type { LanePort } from '../../src/flows/world.ts'
import { hexOf, sha256 } from '../../src/trust/digest.ts'
import { Lane as ToldLane } from '../db/lane.ts'
import { terms } from '../domain/terms.ts'
import { centerDatabase, directoryDatabase, witnessDatabase } from './migrated.ts'

const bindings = env as unknown as CenterEnv
const { LANE, DB, WITNESS } = bindings

beforeAll(async () => {
  await Promise.all([directoryDatabase(), centerDatabase(), witnessDatabase()])
})

const place = { center: 1, institution: 4_711, epoch: 1, lane: 0 }
const name = laneName(place)
const idOf = (n: number) => paymentId(place, new Uint8Array(32).fill(n))
const stub = LANE.getByName(name) as DurableObjectStub<Lane>
const lane = stub as unknown as LanePort
/** The directory here has no members: what an edge says that knows better. */
const known = { from: 0, until: null, confirmedAt: Date.now() }

const open = (n: number): Message => ({
  kind: 'open',
  terms: { ...terms, paymentId: idOf(n), expiresAt: Date.now() + 300_000 },
  bodyHash: 'body',
  hold: { reference: 'hold', key: 'wallet-th-1' },
})

const hashOfRow = (seq: number) =>
  runInDurableObject(stub, (_, { storage }) => {
    const [row] = storage.sql
      .exec<{ hash: ArrayBuffer }>('SELECT hash FROM journal WHERE last = ?', seq)
      .toArray()
    return row && hexOf(new Uint8Array(row.hash))
  })

const ring = () => center.scheduled(createScheduledController(), bindings, createExecutionContext())

async function hashAfter(before: Anchor, anchor: Anchor): Promise<string> {
  return hexOf(await sha256(new TextEncoder().encode(anchorText(before.hash, anchor))))
}

it('leaves the head of a lane with the witness as soon as its run is projected, then once in a minute', async () => {
  await lane.submit(idOf(1), open(1), known)
  const first = await vi.waitFor(async () => {
    const anchor = await lastAnchor(WITNESS, 'hk')
    expect(anchor?.heads.map(([of]) => of)).toContain(name)
    return anchor!
  }, 20_000)
  const [, seq = 0, hash] = first.heads.find(([of]) => of === name) ?? []
  expect(hash).toBe(await hashOfRow(seq))
  await vi.waitFor(async () => expect(await lastAnchor(DB, 'hk')).toEqual(first), 20_000)

  // It moves again within the minute, and then rests: the clock sees to it, once the minute is over.
  await lane.submit(idOf(2), open(2), known)
  await vi.waitFor(async () => {
    const row = await DB.prepare('SELECT seq FROM lane_progress WHERE lane = ?')
      .bind(name)
      .first<{ seq: number }>()
    expect(row?.seq).toBeGreaterThan(seq)
  }, 20_000)
  await ring()
  expect(await lastAnchor(WITNESS, 'hk')).toEqual(first)
  await DB.prepare('UPDATE lane_progress SET anchored_at = 0').run()
  await ring()
  const second = (await lastAnchor(WITNESS, 'hk'))!
  expect(second.number).toBe(first.number + 1)
  expect(second.hash).toBe(await hashAfter(first, second))
  const [, later = 0, newest] = second.heads.find(([of]) => of === name) ?? []
  expect(later).toBeGreaterThan(seq)
  expect(newest).toBe(await hashOfRow(later))
})

it('projects and acknowledges all the same while the witness is away', async () => {
  const told = new ToldLane('wallet-th', 4_712)
  told.open()
  const gone = {
    prepare: () => ({ bind: () => ({}) }),
    batch: () => Promise.reject(new Error('away')),
  }
  const batch = createMessageBatch('opencpg-events-hk', [
    { id: '1', timestamp: new Date(), attempts: 1, body: packJson(told.run()) },
  ])
  const ctx = createExecutionContext()
  await center.queue(batch, { ...bindings, WITNESS: gone as unknown as D1Database }, ctx)
  await waitOnExecutionContext(ctx)
  const row = await DB.prepare('SELECT seq, anchored_at FROM lane_progress WHERE lane = ?')
    .bind(told.name)
    .first()
  expect(row).toEqual({ seq: 1, anchored_at: 0 })
})
