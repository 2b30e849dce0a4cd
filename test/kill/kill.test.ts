/**
 * Durability, shown for real: everything that members do runs at once, workerd is killed without warning again and
 * again, and comes back on the same data. Whatever anybody was told must still be true.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Payment } from '../../src/domain/payment.ts'
import { type Box, startBox } from '../../src/local/box.ts'
import { booksAgree, nothingIsMadeUp } from './agreement.ts'
import * as checks from './checks.ts'
import { type Evidence, gatherEvidence, readEvents } from './evidence.ts'
import type { Heard } from './heard.ts'
import * as refunds from './refund-checks.ts'
import { Scene } from './scene.ts'
import { startTraffic } from './traffic.ts'
import { isAtRest, isUp, kill, pause, projected, until } from './watch.ts'

const KILLS = 5
/** Between two kills at least so much must happen, however busy the machine; then it is a matter of chance. */
const ANSWERS = 30
const PAUSE_MS = 1_000
const PATIENCE_MS = 240_000

/** Faults that begin before a kill, and after which one they end; what has no end leaves its duties armed. */
// biome-ignore format: a table is read by column
const deafness = [
  { member: 'wallet-my',   fault: 'error notice',  from: 1, to: 3 },
  { member: 'acquirer-th', fault: 'silent notice', from: 1, to: 3 },
  { member: 'acquirer-vn', fault: 'error notice',  from: 2, to: KILLS },
] as const
const deaf = new Set<string>(deafness.filter(({ to }) => to === KILLS).map(({ member }) => member))

const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000)
let state = seed
/** A small generator, so that a seed repeats the moments of the kills as far as a real machine lets it. */
function random(): number {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
  return state / 2_147_483_648
}

/** Without some of each, the kills would show little. */
const COMMITTED = 50
function countOf(payments: ReadonlyMap<string, Payment>, heard: Heard) {
  const all = [...payments.values()]
  const duties = all.flatMap(each => each.duties)
  return {
    mpm: all.filter(({ terms }) => terms.presentment === 'mpm').length,
    cpm: all.filter(({ terms }) => terms.presentment === 'cpm').length,
    committed: all.filter(({ status }) => status === 'committed').length,
    aborted: all.filter(({ status }) => status === 'aborted').length,
    reversed: all.filter(({ status }) => status === 'reversed').length,
    refunds: all.flatMap(({ refunds = [] }) => refunds).length,
    refundsRefused: heard.noRefunds.length,
    atTwoTills: [...heard.tries.values()].filter(tries => tries.length > 1).length,
    toldAgain: duties.filter(({ attempts }) => attempts > 1).length,
    // Only who is deaf for good is owed something in the end.
    armed: duties.filter(({ owner, nextAt }) => nextAt !== null && deaf.has(owner)).length,
  }
}

describe(`workerd killed ${KILLS} times under traffic (seed ${seed})`, () => {
  let folder: string
  let box: Box
  let scene: Scene
  let evidence: Evidence
  const reports = new Map<string, Set<string>>()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opencpg-kill-'))
    box = await startBox({
      folder,
      memberLog: (_member, event, fields) => {
        const { refundId } = fields as { refundId?: string }
        if (refundId === undefined || !event.startsWith('refund.')) return
        reports.set(refundId, (reports.get(refundId) ?? new Set()).add(event))
      },
    })
    scene = new Scene(box, random)
    await killUnderTraffic()
    await until('every question has its last answer', PATIENCE_MS, () => scene.heard.settled())
    await until('nothing is open or owed', PATIENCE_MS, atRest)
    await until('no wallet holds money for nothing', PATIENCE_MS, noHoldWaits)
    const members = [...box.wallets.keys(), ...box.acquirers.keys()]
    const read = new Map<string, readonly string[]>()
    // A center that does not answer in time is named, and is asked again.
    await until('everybody has read all events', PATIENCE_MS, async () => {
      for (const id of members) read.set(id, await readEvents(box, id))
      return true
    })
    await box.stop()
    evidence = gatherEvidence(folder, { heard: scene.heard, deaf, read, reports })
  }, 4 * PATIENCE_MS)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function killUnderTraffic() {
    const stop = startTraffic(scene)
    const faultsOf = (id: string) => (box.wallets.get(id) ?? box.acquirers.get(id))!.faults
    for (let number = 0; number < KILLS; number += 1) {
      for (const { member, fault, from } of deafness)
        if (from === number) await faultsOf(member).add(fault)
      const before = scene.heard.payments.length
      const enough = () => scene.heard.payments.length >= before + ANSWERS
      await until('payments are answered again', PATIENCE_MS, enough)
      await pause(random() * PAUSE_MS)
      kill(box.gateway)
      await until('the gateway is back', PATIENCE_MS, () => isUp(box.gateway))
      for (const { member, to } of deafness) if (to === number) await faultsOf(member).clear()
    }
    // How soon everything has happened is a matter of chance, and so it is waited for.
    await until('everything has been under way', PATIENCE_MS, async () => {
      const { committed, ...rest } = countOf(await projected(box.gateway), scene.heard)
      return committed > COMMITTED && Math.min(...Object.values(rest)) > 0
    })
    await stop()
  }

  async function atRest(): Promise<boolean> {
    const payments = await projected(box.gateway)
    const known = scene.heard.payments.every(({ paymentId }) => payments.has(paymentId))
    return known && [...payments.values()].every(payment => isAtRest(payment, deaf))
  }

  /** A hold that the gateway never heard of waits for the end of its quote, and nobody else does. */
  async function noHoldWaits(): Promise<boolean> {
    const payments = await projected(box.gateway)
    return [...box.wallets.values()].every(({ book }) =>
      book.holds.open(Date.now(), 10_000).every(({ paymentId }) => !payments.has(paymentId)),
    )
  }

  it('had enough of everything under way for the kills to mean something', () => {
    const { heard, payments, lanes } = evidence
    const count = { lanes: lanes.length, ...countOf(payments, heard) }
    console.log(JSON.stringify({ seed, ...count }))
    expect(Math.min(...Object.values(count))).toBeGreaterThan(0)
    expect(count.committed).toBeGreaterThan(COMMITTED)
  })

  // biome-ignore format: a table is read by column
  it.each([
    ['every answer that anybody heard still holds',                    checks.answersHold],
    ['where anybody heard that nothing was made, nothing is committed', checks.nothingIsNothing],
    ['every payment was decided once',                                 checks.decidedOnce],
    ['no consumer code was used twice',                                checks.codesUsedOnce],
    ['no order was paid twice',                                        checks.ordersPaidOnce],
    ['no refunds exceed their payment',                                refunds.refundsFit],
    ['every answer about a refund still holds',                        refunds.refundAnswersHold],
    ['wallets gave each refund once, and no other',                    refunds.walletsGaveThem],
    ['acquirers were told how each refund ended',                      refunds.acquirersWereTold],
    ['every duty is acknowledged, or armed because its owner is deaf', checks.dutiesKept],
    ['every lane is what its journal makes of it',                     checks.lanesVerify],
    ['the projection is complete',                                     checks.projectionIsWhole],
    ['every event was read once by each of its readers',               checks.eventsReadOnce],
    ['wallets, acquirers and the gateway agree',                       booksAgree],
    ['no money was taken and no goods given for nothing',              nothingIsMadeUp],
  ] as const)('%s', (_rule, check) => {
    expect(check(evidence)).toEqual([])
  })
})
