/** A limit under everything that can go wrong between lanes and lenders: it is never overshot, and nothing of it is lost. */
import { expect, it } from 'vitest'
import { lent } from '../../src/domain/share.ts'
import { NAME, play } from './chaos.ts'
import type { Network } from './network.ts'

const SEEDS = 30
it.each(Array.from({ length: SEEDS / 10 }, (_, n) => n * 10 + 1))(
  'no limit is overshot and no headroom is lost, whatever happens (seeds %i and nine more)',
  async first => {
    for (let seed = first; seed < first + 10; seed += 1) {
      const network = await play(seed)
      expect(network.overshot, `seed ${seed}`).toEqual([])
      const used = network.used.get(NAME) ?? 0n
      expect(used, `seed ${seed} uses it`).toBeGreaterThan(0n)
      let out = 0n
      for (const lender of network.lenders.values()) {
        for (const [borrower, loan] of lender.loans.of(NAME)) {
          if (!borrower.startsWith('@')) out += lent(loan)
        }
      }
      expect(out, `seed ${seed}: what lenders take for spent`).toBe(used)
      await useTheRest(network, used)
    }
  },
  60_000,
)

/** Whatever is left can still be used, to the last of it, in a lane of another center. */
async function useTheRest(network: Network, used: bigint) {
  const value = network.valueOf(NAME)
  if (value === null || used > value) return
  for (const minor of [value - used, 1n]) {
    const lane = network.lane('fra', 9)
    const answer = lane.open(`pay_${String(minor).padStart(32, '9')}`, [{ limit: NAME, minor }])
    await network.play(5_000)
    const result = await answer
    if (minor > 0n && minor === value - used) expect(result.ok).toBe(true)
    else if (minor > 0n) expect(result.ok).toBe(false)
  }
  expect(network.overshot).toEqual([])
}
