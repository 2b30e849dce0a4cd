/** The simulated network of the anomaly bench: members, corridors, merchants and payers, and what is usual of each. */
import type { Chance } from './anomaly-chance.ts'

export interface Wallet {
  readonly id: string
  readonly market: string
  readonly share: number
  /** Of its payments: how many it refuses, and why. */
  readonly refuses: number
  readonly reasons: readonly (readonly [code: string, weight: number])[]
}

export interface Acquirer extends Wallet {
  readonly family: string
  /** Milliseconds: what half of its answers take, and how much they spread. */
  readonly answerMs: number
  readonly spread: number
  /** Minor units of its currency in dollars, and the corridor limit in dollars. */
  readonly limitUsd: number
}

const reasons = (text: string) =>
  text.split(' ').map(each => {
    const [code = '', weight = ''] = each.split(':')
    return [code, Number(weight)] as const
  })

const user = reasons(
  'USER_REJECTED:30 INSUFFICIENT_FUNDS:40 DECLINED:20 RISK_REJECT:6 LIMIT_PERIOD:4',
)
const till = reasons(
  'DECLINED:50 ORDER_CLOSED:25 ORDER_PAID:8 MERCHANT_NOT_QUALIFIED:12 RISK_REJECT:5',
)

// biome-ignore format: a table is read by column
export const wallets: readonly Wallet[] = [
  { id: 'wallet-cn', market: 'CN', share: 0.42, refuses: 0.02,  reasons: user },
  { id: 'wallet-th', market: 'TH', share: 0.22, refuses: 0.03,  reasons: user },
  { id: 'wallet-my', market: 'MY', share: 0.18, refuses: 0.025, reasons: user },
  { id: 'wallet-vn', market: 'VN', share: 0.12, refuses: 0.04,  reasons: user },
  { id: 'wallet-de', market: 'DE', share: 0.06, refuses: 0.02,  reasons: user },
]

// biome-ignore format: a table is read by column
export const acquirers: readonly Acquirer[] = [
  { id: 'acquirer-cn', market: 'CN', share: 0.38, refuses: 0.01,  reasons: till, family: 'unionpay',  answerMs: 160, spread: 0.45, limitUsd: 5_000 },
  { id: 'acquirer-th', market: 'TH', share: 0.28, refuses: 0.012, reasons: till, family: 'promptpay', answerMs: 240, spread: 0.55, limitUsd: 3_000 },
  { id: 'acquirer-id', market: 'ID', share: 0.2,  refuses: 0.02,  reasons: till, family: 'qris',      answerMs: 380, spread: 0.6,  limitUsd: 2_000 },
  { id: 'acquirer-my', market: 'MY', share: 0.14, refuses: 0.012, reasons: till, family: 'duitnow',   answerMs: 210, spread: 0.5,  limitUsd: 2_500 },
]

export interface Corridor {
  readonly name: string
  readonly wallet: Wallet
  readonly acquirer: Acquirer
  readonly share: number
  readonly scenario: string
}

export const corridors: readonly Corridor[] = wallets.flatMap(wallet =>
  acquirers.map(acquirer => ({
    name: `${wallet.market}>${acquirer.market}`,
    wallet,
    acquirer,
    share: wallet.share * acquirer.share,
    scenario:
      wallet.market === acquirer.market
        ? 'local'
        : acquirer.market === 'CN'
          ? 'inbound'
          : wallet.market === 'CN'
            ? 'outbound'
            : 'overseas',
  })),
)

export interface Shop {
  readonly id: string
  readonly acquirer: Acquirer
  /** Relative to others. */
  weight: number
  /** Of its sales. */
  readonly refunds: number
  /** Gives back the day's returns all at once, in the evening. */
  readonly isBatch: boolean
  /** Of its prices: how many are just under the limit, as a jeweller's may be. */
  readonly near: number
}

const SHOPS = 1_200

export function shopsOf(acquirer: Acquirer, chance: Chance): Shop[] {
  return Array.from({ length: SHOPS }, (_, rank) =>
    shop(acquirer, `${acquirer.id}/m${rank}`, 1 / (rank + 5), chance),
  )
}

export function shop(acquirer: Acquirer, id: string, weight: number, chance: Chance): Shop {
  const sellsClothes = chance.happens(0.08)
  return {
    id,
    acquirer,
    weight,
    refunds: sellsClothes ? chance.between(0.04, 0.1) : chance.between(0.002, 0.015),
    isBatch: sellsClothes && chance.happens(0.5),
    near: chance.happens(0.01) ? chance.between(0.03, 0.08) : 0.003,
  }
}

/** How much of its mean a center has at each moment of the week: nights, two peaks, and more at the weekend. */
export function season(at: number): number {
  const hours = at / 3_600_000
  const day = ((hours + 7) % 24) / 24
  const weekday = Math.floor((hours + 7) / 24 + 3) % 7
  const bump = (middle: number, width: number) => Math.exp(-(((day - middle) / width) ** 2))
  const shape = 0.2 + 1.15 * bump(0.52, 0.13) + 1.35 * bump(0.8, 0.1) + 0.35 * bump(0.36, 0.06)
  const weekend = weekday >= 5 ? 1.25 : weekday === 4 ? 1.1 : 0.93
  return (shape * weekend) / SEASON_MEAN
}

/** Of the shape above over a week, so that a season's mean is one. */
const SEASON_MEAN = 0.775
