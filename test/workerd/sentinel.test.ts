/** Sentinels where they really run: three of them in one workerd, with a real directory between them. */
import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { changeDirectory, readDirectory } from '../../src/db/directory.ts'
import { putCenter } from '../../src/db/directory-change.ts'
import type { Message } from '../../src/domain/payment.ts'
import { laneName, paymentId } from '../../src/domain/payment-id.ts'
import { Unavailable } from '../../src/domain/unavailable.ts'
import type { CenterEnv } from '../../src/env.ts'
import type { LanePort } from '../../src/flows/world.ts'
import { sentinelOf } from '../../src/sentinels.ts'
import { snapshotOf } from '../../src/snapshot.ts'
import { network, wallet } from '../db/network.ts'
import { terms } from '../domain/terms.ts'
import { directoryDatabase } from './migrated.ts'

const bindings = env as unknown as CenterEnv
const ids = ['hk', 'sg', 'fra'] as const
let directory: D1Database

beforeEach(async () => {
  await reset()
  directory = await directoryDatabase()
  const centers = [
    putCenter({ id: 'sg', number: 2, locationHint: 'apac-se' }),
    putCenter({ id: 'fra', number: 3, locationHint: 'weur' }),
  ]
  const now = Date.now()
  const made = await changeDirectory(directory, 0, [...network, ...centers], { now, sandbox: true })
  expect(made.ok).toBe(true)
  // Awake, and with the directory in their hands.
  for (const id of ids) await until(() => sentinelOf(bindings, id).known(wallet.number, 1))
})

// Their alarms must not go on behind the file's back.
afterAll(() => reset())

/** Asks until there is an answer. */
async function until<T>(ask: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const value = await ask()
    if (value) return value
    await scheduler.wait(50)
  }
}

it('moves the lanes of a center that is given up, once, and nothing while all is well', async () => {
  expect((await readDirectory(directory)).epochs).toHaveLength(1)
  for (const id of ['sg', 'fra']) await sentinelOf(bindings, id).order('hk')
  const rows = await until(async () => {
    const { centers, epochs } = await readDirectory(directory)
    return centers.some(({ id, status }) => id === 'hk' && status === 'down') && epochs
  })
  expect(rows).toMatchObject([
    { epoch: 1, center: 'hk' },
    { epoch: 2, center: 'sg', home: 'hk' },
  ])
}, 30_000)

it('has the directory for whoever begins while nobody reaches it, and only then', async () => {
  const away = { prepare: () => ({ all: () => Promise.reject(new Error('away')) }) }
  const begins = (around: Partial<CenterEnv> = {}) =>
    snapshotOf({ ...bindings, DIRECTORY: { ...away } as unknown as D1Database, ...around }).held(
      Date.now(),
      () => undefined,
    )
  const held = await begins()
  const rows = await readDirectory(directory)
  expect(held.directory.rows).toEqual(rows)
  expect(held.confirmedAt).toBeLessThanOrEqual(Date.now())

  // One that is behind is not believed where another knows more.
  const behind = { ...rows, version: rows.version - 1, institutions: [] }
  const told = { rows: () => Promise.resolve({ rows: behind, confirmedAt: Date.now() }) }
  const late = { getByName: () => told } as unknown as DurableObjectNamespace
  expect((await begins({ SENTINEL_SG: late })).directory.version).toBe(rows.version)

  const lost = { rows: () => Promise.reject(new Error('Network connection lost.')) }
  const nobody = { getByName: () => lost } as unknown as DurableObjectNamespace
  await expect(begins({ SENTINEL_SG: nobody, SENTINEL_FRA: nobody })).rejects.toBeInstanceOf(
    Unavailable,
  )
})

it('keeps its lanes sure of themselves while nobody reaches the directory', async () => {
  const place = { center: 1, institution: wallet.number, epoch: 1, lane: 0 }
  const lane = bindings.LANE.getByName(laneName(place)) as unknown as LanePort
  const opens = async (n: number) => {
    const id = paymentId(place, new Uint8Array(32).fill(n))
    const requestedAt = Date.now()
    const opening: Message = {
      kind: 'open',
      terms: { ...terms, paymentId: id, requestedAt, expiresAt: requestedAt + 300_000 },
      bodyHash: 'body',
      hold: { reference: 'hold', key: 'wallet-th-1' },
    }
    // An edge that says nothing of what it knows: the lane must find out.
    const result = await lane.submit(id, opening)
    return result.ok ? 'opened' : result.refusal.code
  }
  expect(await opens(1)).toBe('opened')
  // Who has just begun cannot know what it promised in an earlier life, and is careful for some seconds.
  const begun = Date.now()
  await until(async () => Date.now() > begun + 5_000)
  await directory.exec('ALTER TABLE directory_version RENAME TO gone')
  const awaySince = Date.now()
  // Longer than what was seen of the directory before could make anybody sure.
  await until(async () => Date.now() > awaySince + 8_000)
  expect(await opens(2)).toBe('opened')
  await directory.exec('ALTER TABLE gone RENAME TO directory_version')
}, 60_000)
