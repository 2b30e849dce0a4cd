/** Where drills are played: the gateway in processes of its own, its members, their traffic, and the staff. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Box, startBoxWith } from '../../src/local/box.ts'
import { type Processes, startProcesses } from '../../src/local/processes/network.ts'
import { eventsReadOnce } from '../kill/checks.ts'
import { type Evidence, gatherEvidence } from '../kill/evidence.ts'
import { Scene } from '../kill/scene.ts'
import { startTraffic } from '../kill/traffic.ts'
import { isAtRest, projected, until } from '../kill/watch.ts'
import type { Drill } from './drills.ts'
import { readFeeds } from './feeds.ts'
import { type Hands, handsOf } from './hands.ts'
import { bind } from './limits.ts'
import { PATIENCE_MS, type Sight, sightOf } from './sight.ts'

/** As many as two cores serve while they run six processes. */
const PEOPLE = { scanning: 8, showing: 6, pauseMs: 600 } as const
/** A member that hears nothing usable for so long says that the outcome is unknown. */
const MEMBER_PATIENCE_MS = 6_000
/** A center that has just started gives up nobody for so long: it may have promised not to, before it stopped. */
const SILENT_MS = 10_500

export interface Stage extends Hands, Sight {
  readonly box: Box<Processes>
  readonly scene: Scene
  readonly network: Processes
  /** Everything of the drill is kept here. */
  readonly folder: string
  /** Tells the audience, with the time since the drill began. */
  say(text: string): void
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
    const scene = new Scene(box, Math.random)
    const hands = await handsOf(scene, box.gateway)
    const own = { box, scene, network: box.gateway, folder, say }
    const stage: Stage = { ...own, ...hands, ...sightOf(scene, say) }
    let stop: () => Promise<unknown> = async () => null
    try {
      await bind(stage)
      const feeds = readFeeds(box)
      stop = startTraffic(scene, PEOPLE)
      await until('centers may vote', PATIENCE_MS, () => Date.now() >= mayVoteAt)
      await stage.answered(40)
      await act(stage)
      await stop()
      say('traffic has ended; what is open is waited for')
      await settle(stage)
      const known = { heard: scene.heard, deaf: new Set<string>(), read: feeds.read, reports }
      // What is told once more after an outage may take a minute to come.
      await until('every event is read', PATIENCE_MS, async () => {
        await feeds.catchUp()
        return eventsReadOnce(gatherEvidence(folder, known)).length === 0
      }).catch(error => say(String(error)))
      feeds.stop()
      await box.stop()
      return { evidence: gatherEvidence(folder, known), stage }
    } finally {
      void stop()
      await box.stop().catch(() => null)
    }
  } finally {
    if (keep) tell(`everything is kept in ${folder}`)
    else await rm(folder, { recursive: true, force: true })
  }
}

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
