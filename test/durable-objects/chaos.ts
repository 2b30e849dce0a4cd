/** One seed of everything that can go wrong between lanes and lenders of three centers. */
import type { Limit } from '../../src/domain/limit.ts'
import { SHARE_LIFE_MS } from '../../src/domain/share.ts'
import { type Fate, Network, SKEW_MS, T0 } from './network.ts'

const CHAOS_MS = 90_000
export const NAME = 'wallet-th * value_day 2026-10-01'

/** Draws that follow from the seed alone (mulberry32). */
function diceOf(seed: number) {
  let state = seed >>> 0
  const draw = () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number) => least + Math.floor(draw() * (most - least + 1))
  return { draw, between }
}

/** The limit as it is, and as it becomes in between: more, less, nothing, or lifted for a while. */
function limitsOf(dice: ReturnType<typeof diceOf>): Limit[] {
  const row = { institution: 'wallet-th', scope: '*', kind: 'value_day' } as const
  const value = () => BigInt(dice.between(500, 20_000))
  const changes = Array.from({ length: dice.between(0, 2) }, (_, n) => ({
    ...row,
    from: T0 + 20_000 + 30_000 * n + dice.between(0, 20_000),
    value: dice.draw() < 0.1 ? null : value(),
  }))
  return [{ ...row, from: 0, value: value() }, ...changes]
}

export async function play(seed: number): Promise<Network> {
  const dice = diceOf(seed)
  const skews = new Map<string, number>()
  const skewMs = (host: string) => {
    const known = skews.get(host) ?? dice.between(-SKEW_MS / 2, SKEW_MS / 2)
    skews.set(host, known)
    return known
  }
  const network = new Network({ limits: limitsOf(dice), skewMs })
  const badness = [0, 0.02, 0.1, 0.3][seed % 4] ?? 0
  /** Until when a lender, or all of its center, cannot be reached. */
  const away = new Map<string, number>()
  network.fate = (from, to): Fate => {
    const isAway = [from, to].some(host => (away.get(host) ?? 0) > network.now)
    const strikes = (share: number) => dice.draw() < badness * share
    return {
      lost: isAway || strikes(0.5) ? 'request' : strikes(0.5) ? 'answer' : null,
      againMs: strikes(0.5) ? dice.between(0, 40_000) : null,
      ms: strikes(1) ? dice.between(10, 5_000) : dice.between(1, 20),
    }
  }

  const lanes = network.centers.flatMap(center => [0, 1, 2].map(n => network.lane(center, n)))
  let made = 0
  while (network.now < T0 + CHAOS_MS) {
    const lane = lanes[dice.between(0, lanes.length - 1)]!
    const id = `pay_${String(made).padStart(32, '0')}`
    made += 1
    const limits = [{ limit: NAME, minor: BigInt(dice.between(1, 200)) }]
    void lane.open(id, limits).then(
      result => {
        if (!result.ok) return
        const said = dice.draw() < 0.5 ? 'refused' : 'accepted'
        network.at(dice.between(0, 20_000), () => void lane.end(id, said).catch(() => null))
      },
      () => null,
    )
    if (dice.draw() < badness / 10) lanes[dice.between(0, lanes.length - 1)]!.start()
    for (const lender of network.lenders.values()) {
      if (dice.draw() < badness / 20) lender.start()
      const name = `lender of ${lender.center}`
      if (dice.draw() < badness / 50) away.set(name, network.now + dice.between(1_000, 40_000))
      if (dice.draw() < badness / 50) void lender.lender.recall(1).catch(() => null)
    }
    await network.play(dice.between(5, 60))
  }
  network.fate = () => ({ lost: null, againMs: null, ms: 2 })
  // What was repeated late comes, and every share has ended.
  await network.play(6 * SHARE_LIFE_MS)
  return network
}
