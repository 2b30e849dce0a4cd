/** An object of persons where it really runs: many at once, evicted in between, and lanes that it asks by itself. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it, vi } from 'vitest'
import { changeDirectory, readDirectoryVersion } from '../../src/db/directory.ts'
import type { Message } from '../../src/domain/payment.ts'
import { laneName, paymentId } from '../../src/domain/payment-id.ts'
import type { CenterEnv } from '../../src/env.ts'
import type { LanePort, PersonPort } from '../../src/flows/world.ts'
import { terms as changeTerms, network } from '../db/network.ts'
import { terms } from '../domain/terms.ts'
import { centerDatabase, directoryDatabase } from './migrated.ts'

const { LANE, PERSON } = env as unknown as CenterEnv

beforeAll(async () => {
  const [directory] = await Promise.all([directoryDatabase(), centerDatabase()])
  const version = await readDirectoryVersion(directory)
  expect(await changeDirectory(directory, version, network, changeTerms)).toMatchObject({
    ok: true,
  })
})

const year = new Date().getUTCFullYear()
const objectOf = (name: string) => {
  const stub = PERSON.getByName(name)
  return { stub, person: stub as unknown as PersonPort }
}
const wanted = (payment: string, minor: bigint, more = {}) => ({
  payment,
  person: 'a7',
  pool: '*>CN',
  minor,
  cap: 100n,
  askAt: Date.now() + 600_000,
  ...more,
})
const refused = { refusal: { code: 'LIMIT_PERSON' } }

const place = { center: 1, institution: 4_713, epoch: 1, lane: 0 }
const lane = LANE.getByName(laneName(place)) as unknown as LanePort
const idOf = (n: number) => paymentId(place, new Uint8Array(32).fill(n))

it('lets exactly as many of fifty at once as fit, and remembers them when it is evicted', async () => {
  const { stub, person } = objectOf(`${year}:a7`)
  const taken = await Promise.all(
    Array.from({ length: 50 }, (_, n) => person.take(wanted(`pay_${n}`, 10n))),
  )
  expect(taken.filter(({ ok }) => ok)).toHaveLength(10)
  await evictDurableObject(stub)
  expect(await person.take(wanted('pay_other', 1n))).toMatchObject(refused)
  const winner = taken.findIndex(({ ok }) => ok)
  expect(await person.take(wanted(`pay_${winner}`, 10n))).toMatchObject({ ok: true })
  await person.lower(`pay_${winner}`, 0n)
  expect(await person.take(wanted('pay_other', 10n))).toMatchObject({ ok: true })
  expect(await person.take(wanted('pay_another', 1n))).toMatchObject(refused)
})

it('asks the lanes of those that are not heard of again: what was opened counts, what was not is given back', async () => {
  const opened: Message = {
    kind: 'open',
    terms: { ...terms, paymentId: idOf(1), expiresAt: Date.now() + 300_000 },
    bodyHash: 'body',
    hold: { reference: 'hold', key: 'wallet-th-1' },
    allowance: {
      ...{ token: 'a8', isKnown: true, pool: '*>CN', minor: 60n },
      ...{ year: `${year}`, resetsAt: Date.now() + 1, center: 'hk' },
    },
  }
  const known = { from: 0, until: null, confirmedAt: Date.now() }
  expect(await lane.submit(idOf(1), opened, known)).toMatchObject({ ok: true })

  const { stub, person } = objectOf(`${year}:a8`)
  const whose = { person: 'a8' }
  expect(await person.take(wanted(idOf(1), 60n, whose))).toMatchObject({ ok: true })
  expect(await person.take(wanted(idOf(2), 40n, whose))).toMatchObject({ ok: true })
  expect(await person.take(wanted('rest', 1n, whose))).toMatchObject(refused)
  // Ten minutes later: only the clock is moved, by moving the claims. Whoever takes next sets the alarm.
  await runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec('UPDATE claims SET ask_at = ?', Date.now())
  })
  await vi.waitFor(
    async () => expect(await person.take(wanted('rest', 40n, whose))).toMatchObject({ ok: true }),
    20_000,
  )
  expect(await person.take(wanted('more', 1n, whose))).toMatchObject(refused)
  // Both are settled, and nothing is left to ask of but the one that was just taken.
  const open = await runInDurableObject(stub, (_, { storage }) =>
    storage.sql.exec('SELECT payment FROM claims WHERE ask_at IS NOT NULL').toArray(),
  )
  expect(open).toEqual([{ payment: 'rest' }])
})

it('keeps as spent what a lane cannot be asked about', async () => {
  const { stub, person } = objectOf(`${year}:a9`)
  // A center that the directory does not have.
  const lost = paymentId({ ...place, center: 9 }, new Uint8Array(32).fill(3))
  const late = { person: 'a9', askAt: Date.now() }
  expect(await person.take(wanted(lost, 100n, late))).toMatchObject({ ok: true })
  const next = () =>
    runInDurableObject(stub, (_, { storage }) =>
      storage.sql.exec<{ at: number }>('SELECT ask_at AS at FROM claims').one(),
    )
  await vi.waitFor(async () => expect((await next()).at).toBeGreaterThan(late.askAt), 20_000)
  expect(await person.take(wanted('more', 1n, { person: 'a9' }))).toMatchObject(refused)
})

it('forgets a year that is long over', async () => {
  const { stub, person } = objectOf('2020:aa')
  expect(await person.take(wanted('old', 100n))).toMatchObject({ ok: true })
  // The alarm is set for the past: it comes by itself, or now.
  await runDurableObjectAlarm(stub)
  await vi.waitFor(
    async () => expect(await person.take(wanted('new', 100n))).toMatchObject({ ok: true }),
    20_000,
  )
})
