/** Lanes and lenders where they really run: shares over real calls, storage, alarms and evictions, in two centers. */
import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Institution } from '../../durable-objects/institution.ts'
import type { Lane } from '../../durable-objects/lane.ts'
import { changeDirectory } from '../../src/db/directory.ts'
import { putCenter, putEpoch, putInstitution, putLimit } from '../../src/db/directory-change.ts'
import type { Limit } from '../../src/domain/limit.ts'
import { limitName } from '../../src/domain/limit.ts'
import type { Message } from '../../src/domain/payment.ts'
import { laneName, paymentId } from '../../src/domain/payment-id.ts'
import { dayAt } from '../../src/domain/zone.ts'
import type { CenterEnv } from '../../src/env.ts'
import type { LanePort } from '../../src/flows/world.ts'
import { sentinelOf } from '../../src/sentinels.ts'
import { acquirer, wallet } from '../db/network.ts'
import { terms } from '../domain/terms.ts'
import { directoryDatabase } from './migrated.ts'

const bindings = env as unknown as CenterEnv
const { LANE, INSTITUTION } = bindings

const limit: Limit = {
  institution: 'wallet-th',
  scope: '*',
  kind: 'value_day',
  from: 0,
  value: 1_000n,
}

/** Today's limit: a test that runs over midnight in Bangkok would still speak of one day. */
const { label: period } = dayAt(Date.now(), wallet.zone)
const name = limitName({ ...limit, period })

// Alarms must not go on behind the file's back.
afterAll(() => reset())

let directory: D1Database

beforeEach(async () => {
  await reset()
  directory = await directoryDatabase()
  const now = Date.now()
  const changes = [
    ...['hk', 'sg', 'fra'].map((id, n) => putCenter({ id, number: n + 1, locationHint: 'apac' })),
    putInstitution(wallet),
    putInstitution(acquirer),
    putEpoch({ institution: 'wallet-th', epoch: 1, from: 0, center: 'hk', lanes: 4 }),
    putEpoch({ institution: 'acquirer-cn', epoch: 1, from: 0, center: 'sg', lanes: 4 }),
    putLimit(limit),
    putLimit({ ...limit, kind: 'per_second', value: 40n }),
    putLimit({ ...limit, institution: 'acquirer-cn', kind: 'count_day', value: 20n }),
  ]
  const outcome = await changeDirectory(directory, 0, changes, { now, sandbox: true })
  expect(outcome).toMatchObject({ ok: true })
})

/** They say nothing of the limit, only that nobody can tell at this moment. */
const passing = new Set(['BUSY', 'CENTER_UNAVAILABLE'])

function lane(number: number) {
  const place = { center: 1, institution: wallet.number, epoch: 1, lane: number }
  const stub = LANE.getByName(laneName(place))
  const idOf = (n: number) => paymentId(place, new Uint8Array(32).fill(n))
  const port = stub as unknown as LanePort
  const open = (n: number, limits: readonly { limit: string; minor: bigint }[]) => {
    const message: Message = {
      kind: 'open',
      terms: {
        ...terms,
        paymentId: idOf(n),
        requestedAt: Date.now(),
        expiresAt: Date.now() + 300_000,
      },
      bodyHash: 'body',
      hold: { reference: 'hold', key: 'wallet-th-1' },
      limits,
    }
    return port.submit(idOf(n), message)
  }
  /** As whoever pays does it: told to come again, it comes again. */
  const insist = async (...asked: Parameters<typeof open>) => {
    for (;;) {
      const answer = await open(...asked)
      if (answer.ok || !passing.has(answer.refusal.code)) return answer
      await scheduler.wait(answer.refusal.detail?.retryAfterMs ?? 0)
    }
  }
  return { stub, port, idOf, open, insist }
}

const rowsOf = (stub: DurableObjectStub, query: string) =>
  runInDurableObject<Lane, Record<string, unknown>[]>(stub as DurableObjectStub<Lane>, (_, state) =>
    state.storage.sql.exec(query).toArray(),
  )

const of = (minor: bigint) => [{ limit: name, minor }]

describe('a limit', () => {
  it('is used to its end by payments that come to four lanes at once, and not beyond', async () => {
    const lanes = [0, 1, 2, 3].map(lane)
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => lanes[n % 4]!.insist(n, of(25n))),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(40)
    for (const refused of answers.filter(({ ok }) => !ok)) {
      expect(refused).toMatchObject({
        refusal: {
          code: 'LIMIT_PERIOD',
          detail: { limit: { institution: 'wallet-th', value: 1_000n } },
        },
      })
    }
  })

  it('opens a payment in one commit, with no row for what it takes once a share is at hand', async () => {
    const { stub, open } = lane(0)
    await open(1, of(10n))
    const before = await rowsOf(stub, 'SELECT seq FROM purse')
    const journal = (await rowsOf(stub, 'SELECT count(*) AS rows FROM journal'))[0]?.rows as number
    await open(2, of(10n))
    expect((await rowsOf(stub, 'SELECT count(*) AS rows FROM journal'))[0]?.rows).toBe(journal + 1)
    expect(before).toHaveLength(1)
  })

  it('remembers what was taken and lent when lane and lender were evicted', async () => {
    const { stub, insist, port, idOf } = lane(0)
    await insist(1, of(600n))
    await evictDurableObject(stub)
    await evictDurableObject(INSTITUTION.getByName('wallet-th'))
    expect(await insist(2, of(500n))).toMatchObject({ refusal: { code: 'LIMIT_PERIOD' } })
    expect(await insist(3, of(400n))).toMatchObject({ ok: true })
    const no: Message = { kind: 'answer', verdict: { said: 'refused', code: 'DECLINED' } }
    await port.submit(idOf(1), no)
    await evictDurableObject(stub)
    expect(await insist(4, of(600n))).toMatchObject({ ok: true })
  })

  it('of the other side is drawn from its root in another center', async () => {
    const count = [
      {
        limit: limitName({
          ...limit,
          institution: 'acquirer-cn',
          kind: 'count_day',
          period: dayAt(Date.now(), acquirer.zone).label,
        }),
        minor: 1n,
      },
    ]
    const lanes = [0, 1].map(lane)
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => lanes[n % 2]!.insist(n, count)),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(20)
  })

  it('of a second is lent in full while nobody reaches the directory, because sentinels vouch for it', async () => {
    const until = async (isSo: () => boolean | Promise<boolean>) => {
      while (!(await isSo())) await scheduler.wait(50)
    }
    for (const id of ['hk', 'sg', 'fra']) {
      await until(async () => (await sentinelOf(bindings, id).known(wallet.number, 1)) !== null)
    }
    // Who has just begun cannot know what it promised in an earlier life, and is careful for some seconds.
    const begun = Date.now()
    await until(() => Date.now() > begun + 5_000)
    await directory.exec('ALTER TABLE directory_version RENAME TO gone')
    const since = Date.now()
    // Longer than what was seen of the directory before could make anybody sure.
    await until(() => Date.now() > since + 8_000)
    const { open } = lane(0)
    const pace = [{ limit: limitName({ ...limit, kind: 'per_second', period: '-' }), minor: 1n }]
    let asked = 0
    // Beyond a tenth for each of two seconds; tried until no second has ended in between.
    await until(async () => {
      const first = 100 + 10 * asked
      asked += 1
      expect(asked, 'tries, of which each has ids of its own').toBeLessThan(15)
      const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => open(first + n, pace)))
      return answers.every(({ ok }) => ok)
    })
    await directory.exec('ALTER TABLE gone RENAME TO directory_version')
  }, 60_000)

  it('is recalled from its lanes at once', async () => {
    const { stub, open } = lane(0)
    await open(1, of(10n))
    const lender = INSTITUTION.getByName('wallet-th') as unknown as Pick<Institution, 'recall'>
    expect(await lender.recall(1)).toBe(0)
    const [row] = await rowsOf(stub, 'SELECT body FROM purse')
    const { lines } = JSON.parse(`${row?.body}`)
    const [limit, granted, returned, used, expiresAt] = lines[0]
    expect([limit, used, expiresAt]).toEqual([name, '10', 0])
    expect(BigInt(granted) - BigInt(returned)).toBe(10n)
    expect(await open(2, of(10n))).toMatchObject({ ok: true })
  })
})
