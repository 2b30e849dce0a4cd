/** Where drills are played: the gateway in processes of its own, its members, their traffic, and the staff. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { placeOf } from '../../src/domain/payment-id.ts'
import { type Box, startBoxWith } from '../../src/local/box.ts'
import { type Processes, startProcesses } from '../../src/local/processes/network.ts'
import { centerRows } from '../../src/local/seed.ts'
import { acquirers } from '../../src/members/cast.ts'
import { eventsReadOnce } from '../kill/checks.ts'
import { type Evidence, gatherEvidence } from '../kill/evidence.ts'
import { buy } from '../kill/payers.ts'
import { Scene } from '../kill/scene.ts'
import { startTraffic } from '../kill/traffic.ts'
import { isAtRest, projected, until } from '../kill/watch.ts'
import { type Desk, deskOf } from '../stories/ops.ts'
import type { Drill } from './drills.ts'
import { readFeeds } from './feeds.ts'
import { bind } from './limits.ts'

/** As many as two cores serve while they run six processes. */
const PEOPLE = { scanning: 8, showing: 6, pauseMs: 600 } as const
/** A member that hears nothing usable for so long says that the outcome is unknown. */
const MEMBER_PATIENCE_MS = 6_000
/** A center that has just started gives up nobody for so long: it may have promised not to, before it stopped. */
const SILENT_MS = 10_500
const PATIENCE_MS = 120_000

export interface Stage {
  readonly box: Box<Processes>
  readonly scene: Scene
  readonly network: Processes
  /** Everything of the drill is kept here. */
  readonly folder: string
  /** Tells the audience, with the time since the drill began. */
  say(text: string): void
  /** Has one of the staff change the network, and a second one agree where that is needed. */
  steer(steps: readonly object[], reason: string): Promise<void>
  /** Lets traffic go on until so many more payments have been answered. */
  answered(count: number): Promise<void>
  /** From now on a customer of each of these wallets comes every second. Gives what ends that. */
  customers(wallets: readonly string[]): () => void
  /**
   * Waits until every one of these wallets pays again, by customers who came after this instant. Gives the seconds
   * from it to the first commit of the last wallet.
   */
  recovered(wallets: readonly string[], since: number): Promise<number>
  /** Waits until new payments of each of these wallets are decided at this center, or at any but this one. */
  moved(wallets: readonly string[], center: string, isThere: boolean): Promise<void>
  /** The longest time, in seconds, for which one of these wallets had no payment committed since this instant. */
  gap(wallets: readonly string[], since: number): number
}

export interface Played {
  readonly evidence: Evidence
  readonly stage: Stage
}

export interface StageOptions extends Pick<Drill, 'edges' | 'before'> {
  readonly tell: (line: string) => void
  /** A release to begin with, as git names it; only where the drill is about that. */
  readonly from?: string | undefined
  /** Keep the folder, for those who want to look. */
  readonly keep: boolean
}

/** Plays a drill from an empty folder to the books that are left of it. */
export async function play(
  { edges, before, from, tell, keep }: StageOptions,
  act: (stage: Stage) => Promise<void>,
): Promise<Played> {
  const began = performance.now()
  const say = (text: string) =>
    tell(`${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${text}`)
  const folder = await mkdtemp(join(tmpdir(), 'opencpg-drill-'))
  const reports = new Map<string, Set<string>>()
  try {
    const release = await before?.(folder, from)
    if (release !== undefined) say(`it begins with the release ${release.name}`)
    const first = release === undefined ? {} : { build: release.build }
    const box = await startBoxWith(
      {
        folder,
        retry: { totalMs: MEMBER_PATIENCE_MS },
        memberLog: (_member, event, fields) => {
          const { refundId } = fields as { refundId?: string }
          if (refundId === undefined || !event.startsWith('refund.')) return
          reports.set(refundId, (reports.get(refundId) ?? new Set()).add(event))
        },
      },
      options => startProcesses({ ...options, ...first, edges, logs: keep }),
    )
    const mayVoteAt = Date.now() + SILENT_MS
    say(`${box.gateway.ids.length} processes run: ${box.gateway.ids.join(', ')}`)
    const stage = await stageOf(box, folder, say)
    try {
      await bind(stage)
      const feeds = readFeeds(box)
      const stop = startTraffic(stage.scene, PEOPLE)
      await until('centers may vote', PATIENCE_MS, () => Date.now() >= mayVoteAt)
      await stage.answered(40)
      await act(stage)
      await stop()
      say('traffic has ended; what is open is waited for')
      await settle(stage)
      const known = { heard: stage.scene.heard, deaf: new Set<string>(), read: feeds.read, reports }
      // What is told once more after an outage may take a minute to come.
      await until('every event is read', PATIENCE_MS, async () => {
        await feeds.catchUp()
        return eventsReadOnce(gatherEvidence(folder, known)).length === 0
      }).catch(error => say(String(error)))
      feeds.stop()
      await box.stop()
      return { evidence: gatherEvidence(folder, known), stage }
    } finally {
      await box.stop().catch(() => null)
    }
  } finally {
    if (keep) tell(`everything is kept in ${folder}`)
    else await rm(folder, { recursive: true, force: true })
  }
}

async function stageOf(box: Box<Processes>, folder: string, say: Stage['say']): Promise<Stage> {
  const scene = new Scene(box, Math.random)
  const { gateway: network } = box
  const [url = ''] = network.edges
  const first: Desk = await deskOf({ url }, 'mei')
  const second: Desk = await deskOf({ url }, 'aisyah')
  const { heard } = scene
  return {
    box,
    scene,
    network,
    folder,
    say,
    async steer(steps, reason) {
      const id = `drill-${randomUUID()}`
      const asked = await first.post('/changes', { id, steps, reason })
      if (asked.body.status === 'proposed') {
        const agreed = await second.post(`/changes/${id}/approve`)
        if (agreed.body.status === 'applied') return
        throw new Error(`nobody agreed: ${JSON.stringify(agreed.body)}`)
      }
      if (asked.body.status === 'applied') return
      throw new Error(`the change was refused: ${JSON.stringify(asked.body)}`)
    },
    answered(count) {
      const before = heard.payments.length
      return until(
        'payments are answered',
        PATIENCE_MS,
        () => heard.payments.length >= before + count,
      )
    },
    customers(wallets) {
      const come = () => wallets.forEach(wallet => void buy(scene, wallet, codeFor(wallet)))
      const coming = setInterval(come, CUSTOMER_MS)
      return () => clearInterval(coming)
    },
    async recovered(wallets, since) {
      const seconds = () =>
        wallets.map(wallet => (commitsOf(scene, wallet, since)[0] ?? Number.NaN) / 1_000)
      const all = () => !seconds().some(Number.isNaN)
      await until('every wallet pays again', PATIENCE_MS, all)
      const found = seconds()
      const each = wallets.map((wallet, index) => `${wallet} ${found[index]?.toFixed(1)} s`)
      say(`everybody pays again: ${each.join(', ')} after it began`)
      return Math.max(...found)
    },
    async moved(wallets, center, isThere) {
      const from = heard.payments.length
      const { number } = centerRows.find(({ id }) => id === center) ?? {}
      const has = (wallet: string) =>
        heard.payments.slice(from).some(view => {
          const isThis = placeOf(view.paymentId)?.center === number
          return view.wallet === wallet && view.presentment === 'mpm' && isThis === isThere
        })
      await until('payments have moved', PATIENCE_MS, () => wallets.every(has))
      say(
        `payments of ${wallets.join(', ')} are decided ${isThere ? 'at' : 'elsewhere than'} ${center}`,
      )
    },
    gap(wallets, since) {
      const now = Date.now() - since
      const gaps = wallets.map(wallet => {
        const at = [0, ...commitsOf(scene, wallet, since), now]
        return Math.max(...at.slice(1).map((each, index) => each - (at[index] ?? 0))) / 1_000
      })
      const each = wallets.map((wallet, index) => `${wallet} ${gaps[index]?.toFixed(1)} s`)
      say(`the longest pause between two commits: ${each.join(', ')}`)
      return Math.max(...gaps)
    },
  }
}

/** Between two customers of a wallet that is watched. */
const CUSTOMER_MS = 1_000

/** A merchant that none of the tight limits is about. */
const codeFor = (wallet: string): string => {
  const shop = ['wallet-th', 'wallet-cn'].includes(wallet) ? 'my-kopitiam' : 'th-padthai'
  const found = acquirers.flatMap(({ merchants }) => merchants).find(({ id }) => id === shop)
  return found?.dynamicCode ?? ''
}

/** When payments were committed that this wallet asked for after an instant, milliseconds from there, in order. */
function commitsOf({ heard }: Scene, wallet: string, since: number): readonly number[] {
  const asked = new Set(
    heard.attempts.filter(({ by, askedAt }) => by === wallet && askedAt >= since).map(key),
  )
  return heard.payments
    .filter(view => view.result === 'S' && asked.has(key({ by: view.wallet, ...view })))
    .map(({ decidedAt }) => Date.parse(decidedAt ?? '') - since)
    .toSorted((one, other) => one - other)
}

const key = ({ by, requestId }: { readonly by: string; readonly requestId: string }) =>
  `${by} ${requestId}`

/** Waits until nobody waits for anything any more. */
async function settle({ box, scene }: Stage): Promise<void> {
  const { heard } = scene
  await until('every question has its last answer', PATIENCE_MS, () => heard.settled())
  await until('nothing is open or owed', PATIENCE_MS, async () => {
    const payments = await projected(box.gateway)
    const isKnown = heard.payments.every(({ paymentId }) => payments.has(paymentId))
    return isKnown && [...payments.values()].every(payment => isAtRest(payment))
  })
  await until('no wallet holds money for nothing', PATIENCE_MS, async () => {
    const payments = await projected(box.gateway)
    return [...box.wallets.values()].every(({ book }) =>
      book.holds.open(Date.now(), 10_000).every(({ paymentId }) => !payments.has(paymentId)),
    )
  })
}
