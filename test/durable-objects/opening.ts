/** Payments opened over a network of lanes and lenders, against one limit. */
import type { Limit } from '../../src/domain/limit.ts'
import type { Network } from './network.ts'

export const DAY = '2026-10-01'
export const value = `wallet-th * value_day ${DAY}`
export const of = (minor: bigint) => [{ limit: value, minor }]

export const limit = (row: Partial<Limit> = {}): Limit => ({
  institution: 'wallet-th',
  scope: '*',
  kind: 'value_day',
  from: 0,
  value: 1_000n,
  ...row,
})

export const idOf = (n: number) => `pay_${String(n).padStart(32, '0')}`

/** Opens so many payments, each in the next lane; gives how many opened, and why the others did not. */
export async function openAll(
  network: Network,
  count: number,
  minor: bigint,
  lanes: readonly (readonly [string, number])[],
  limits = of(minor),
  first = 0,
) {
  const answers = Array.from({ length: count }, (_, n) => {
    const [center, number] = lanes[n % lanes.length]!
    return network.lane(center, number).open(idOf(first + n), limits)
  })
  await network.play(10_000)
  const results = await Promise.all(answers)
  const codes = results.flatMap(result => (result.ok ? [] : [result.refusal.code]))
  return { opened: results.filter(({ ok }) => ok).length, codes }
}

export const four = [0, 1, 2, 3].map(n => ['hk', n] as const)

const paced = [{ limit: 'wallet-th * per_second -', minor: 1n }]

/** Opens a payment in each center in turn, so many in all; gives how many opened in each second. */
export async function openedBySecond(network: Network, count: number, everyMs: number) {
  const [all, away] = [new Map<number, number>(), new Map<number, number>()]
  const codes = new Set<string>()
  for (let n = 0; n < count; n += 1) {
    const center = network.centers[n % 3]!
    void network
      .lane(center, 0)
      .open(idOf(n), paced)
      .then(result => {
        if (!result.ok) return codes.add(result.refusal.code)
        const second = Math.floor(result.value.payment.openedAt / 1_000)
        all.set(second, (all.get(second) ?? 0) + 1)
        return center === 'hk' || away.set(second, (away.get(second) ?? 0) + 1)
      })
    await network.play(everyMs)
  }
  await network.play(5_000)
  return { all, away, codes }
}
