/** A lane where it really runs: storage, alarm and eviction are the platform's own. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Lane } from '../../durable-objects/lane.ts'
import { changeDirectory } from '../../src/db/directory.ts'
import { putEpoch } from '../../src/db/directory-change.ts'
import { EPOCH_NOTICE_MS } from '../../src/domain/epoch.ts'
import type { Message, Payment } from '../../src/domain/payment.ts'
import { laneName, paymentId, placeOf } from '../../src/domain/payment-id.ts'
import type { CenterEnv } from '../../src/env.ts'
import type { LanePort } from '../../src/flows/world.ts'
import { epoch, network } from '../db/network.ts'
import { terms } from '../domain/terms.ts'
import { directoryDatabase } from './migrated.ts'

const { LANE } = env as unknown as CenterEnv
let institution = 1

// The courier that a lane sends reads the directory; here it finds no member to call.
let directory: D1Database
beforeAll(async () => {
  directory = await directoryDatabase()
})

/** What an edge says that has seen the directory just now. */
const known = { from: 0, until: null, confirmedAt: Date.now() }

/** A fresh lane, and payments that belong to it. */
function freshLane() {
  institution += 1
  const place = { center: 1, institution, epoch: 1, lane: 0 }
  const idOf = (n: number) => paymentId(place, new Uint8Array(32).fill(n))
  const stub = LANE.getByName(laneName(place))
  const bare = stub as unknown as LanePort
  const lane: LanePort = {
    submit: (id, message) => bare.submit(id, message, known),
    seek: (id, at) => bare.seek(id, at, known),
    read: id => bare.read(id),
    wait: (id, ms) => bare.wait(id, ms),
  }
  const opening = (n: number, bodyHash = 'body'): Message => ({
    kind: 'open',
    terms: { ...terms, paymentId: idOf(n), expiresAt: Date.now() + 300_000 },
    bodyHash,
    hold: { reference: 'hold', key: 'wallet-th-1' },
  })
  return { stub, lane, bare, idOf, opening }
}

const yes: Message = { kind: 'answer', verdict: { said: 'accepted', reference: 'a', key: 'k' } }

const sqlOf = (stub: DurableObjectStub, query: string) =>
  runInDurableObject<Lane, Record<string, unknown>[]>(stub as DurableObjectStub<Lane>, (_, state) =>
    state.storage.sql.exec(query).toArray(),
  )

const alarmOf = (stub: DurableObjectStub) =>
  runInDurableObject<Lane, number | null>(stub as DurableObjectStub<Lane>, (_, state) =>
    state.storage.getAlarm(),
  )

describe('a lane', () => {
  it('opens, decides and keeps exact amounts across the call', async () => {
    const { lane, idOf, opening } = freshLane()
    await lane.submit(idOf(1), opening(1))
    const concluded = await lane.submit(idOf(1), yes)
    expect(concluded).toMatchObject({ ok: true, value: { events: ['committed'] } })
    const kept = (await lane.read(idOf(1))) as Payment
    expect(kept.terms.payer.minor).toBe(terms.payer.minor)
  })

  it('answers the same request the same after it was evicted', async () => {
    const { stub, lane, idOf, opening } = freshLane()
    await lane.submit(idOf(1), opening(1))
    await lane.submit(idOf(1), yes)
    const before = await lane.read(idOf(1))
    await evictDurableObject(stub)
    const again = await lane.submit(idOf(1), opening(1))
    expect(again).toMatchObject({ ok: true, value: { events: [], payment: before } })
    expect(await lane.submit(idOf(1), opening(1, 'another body'))).toMatchObject({
      refusal: { code: 'REPEAT_REQ_INCONSISTENT' },
    })
  })

  it('opens one payment for fifty requests that are the same and come at once', async () => {
    const { stub, lane, idOf, opening } = freshLane()
    const results = await Promise.all(
      Array.from({ length: 50 }, () => lane.submit(idOf(1), opening(1))),
    )
    const opened = results.filter(result => result.ok && result.value.events.includes('opened'))
    expect(opened).toHaveLength(1)
    // Opened once, and once noted that somebody asked again meanwhile.
    expect((await sqlOf(stub, 'SELECT last FROM journal')).at(-1)).toEqual({ last: 2 })
  })

  it('writes one row of journal for many payments that come at once', async () => {
    const { stub, lane, idOf, opening } = freshLane()
    await Promise.all(Array.from({ length: 40 }, (_, n) => lane.submit(idOf(n), opening(n))))
    const rows = await sqlOf(stub, 'SELECT last FROM journal')
    expect(rows.length).toBeLessThan(20)
    expect(rows.at(-1)).toEqual({ last: 40 })
  })

  it('has an alarm for every payment that is open', async () => {
    const { stub, lane, idOf, opening } = freshLane()
    const before = Date.now()
    await lane.submit(idOf(1), opening(1))
    const alarm = await alarmOf(stub)
    expect(alarm).toBeGreaterThan(before)
    expect(alarm).toBeLessThanOrEqual(Date.now() + 8_000)
  })

  it('finishes by its alarm what nobody concluded', async () => {
    const { stub, lane, idOf, opening } = freshLane()
    await lane.submit(idOf(1), opening(1))
    // An alarm writes down what waits for long.
    await runDurableObjectAlarm(stub)
    // What the lane wrote says that the deadline is long past: only the clock is moved, by moving the payment.
    await sqlOf(
      stub,
      `UPDATE payment SET due = 1, body = replace(body, '"decideBy":', '"decideBy":0,"was":')`,
    )
    // A lane that comes back reads it so; one that stays remembers better.
    await evictDurableObject(stub)
    await runDurableObjectAlarm(stub)
    expect(await lane.read(idOf(1))).toMatchObject({
      status: 'aborted',
      resultCode: 'DEADLINE_EXCEEDED',
    })
    expect(await alarmOf(stub)).not.toBeNull()
  })

  it('aborts at T+1 what no file of a silent switch has spoken of, and has a late one undone', async () => {
    const { stub, lane, idOf, opening } = freshLane()
    const silent = opening(1)
    if (silent.kind !== 'open') throw new Error('it opens')
    const terms = { ...silent.terms, singlePhase: true } as const
    await lane.submit(idOf(1), { ...silent, terms })
    const passDeadline = async () => {
      await runDurableObjectAlarm(stub)
      await sqlOf(
        stub,
        `UPDATE payment SET due = 1, body = replace(body, '"decideBy":', '"decideBy":0,"was":')`,
      )
      await evictDurableObject(stub)
      await runDurableObjectAlarm(stub)
    }
    await passDeadline()
    const deemed = (await lane.read(idOf(1))) as Payment
    expect(deemed).toMatchObject({ status: 'deemed', resultCode: 'DEEMED', duties: [] })
    expect(deemed.decideBy).toBeGreaterThan(Date.now() + 86_400_000)
    await passDeadline()
    const aborted = await lane.read(idOf(1))
    expect(aborted).toMatchObject({ status: 'aborted', resultCode: 'DEADLINE_EXCEEDED' })
    const owed = ['release_hold', 'void_order']
    expect(aborted?.duties.map(({ kind }) => kind).toSorted()).toEqual(owed)
    // The file says after all that it credited: the decision stands, and the void that is owed says so.
    expect(await lane.submit(idOf(1), yes)).toMatchObject({
      value: { payment: { status: 'aborted' } },
    })
    expect(await alarmOf(stub)).not.toBeNull()
  })

  it('answers those who wait as soon as it is decided', async () => {
    const { lane, idOf, opening } = freshLane()
    await lane.submit(idOf(1), opening(1))
    const waiting = lane.wait(idOf(1), 20_000)
    await lane.submit(idOf(1), yes)
    expect(await waiting).toMatchObject({ status: 'committed' })
  })

  it('opens nothing that was requested after its epoch, and asks the directory where nobody says', async () => {
    institution = 0
    const { bare, idOf, opening } = freshLane()
    const begun = Date.now()
    await changeDirectory(directory, 0, network, { now: begun, sandbox: false })
    const opens = async (n: number, requestedAt: number) => {
      const made = opening(n)
      if (made.kind !== 'open') throw new Error('no opening')
      const message = { ...made, terms: { ...made.terms, requestedAt } }
      const result = await bare.submit(idOf(n), message)
      return result.ok ? 'opened' : result.refusal.code
    }
    expect(await opens(1, begun)).toBe('opened')

    const from = Date.now() + EPOCH_NOTICE_MS + 1_000
    const next = putEpoch({ ...epoch, epoch: 2, from, lanes: 8 })
    const terms = { now: Date.now(), sandbox: false }
    expect(await changeDirectory(directory, 1, [next], terms)).toMatchObject({ ok: true })
    expect(await opens(2, from)).toBe('LANE_CLOSED')
    expect(await opens(3, from - 1)).toBe('opened')
    // What is open is answered as it is, whatever has become of the epoch.
    expect(await bare.seek(idOf(3), from)).toMatchObject({ value: { status: 'pending' } })
    expect(await bare.seek(idOf(4), from)).toMatchObject({ refusal: { code: 'LANE_CLOSED' } })
    expect(await bare.seek(idOf(4), from - 1)).toEqual({ ok: true, value: null })
  })

  it('takes no payment of another lane', async () => {
    const { stub, opening } = freshLane()
    const other = paymentId(
      { center: 1, institution: 9_999, epoch: 1, lane: 3 },
      new Uint8Array(32),
    )
    expect(placeOf(other)?.lane).toBe(3)
    await runInDurableObject<Lane, void>(stub as DurableObjectStub<Lane>, lane => {
      expect(() => lane.submit(other, opening(1))).toThrow('belongs to another lane')
    })
  })
})
