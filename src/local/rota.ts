/** Which sample payment comes next: mostly people who simply pay, and now and then everything else that people do. */
import type { ResponderCode } from '../domain/refusal.ts'
import { acquirers, type CastMerchant, wallets } from '../members/cast.ts'

/** What somebody does at a merchant. */
export type Play =
  /** Scans the code on the till's screen; the code on the counter, and types the amount; opens a shop's order link. */
  | 'pays'
  | 'types'
  | 'orders'
  /** Is scanned; is scanned, and asked by the own wallet; the same, and says no; is refused by the own wallet. */
  | 'is_scanned'
  | 'confirms'
  | 'says_no'
  | 'is_refused'
  /** Takes it back a moment later; gets a part of it back from the merchant. */
  | 'regrets'
  | 'is_refunded'
  /** Pays where the shop may not take it; pays more than one may at once; scans what is no code of any scheme. */
  | 'pays_at_closed'
  | 'pays_too_much'
  | 'scans_rubbish'

/** How many of a hundred. */
// biome-ignore format: a table is read by column
export const shares = {
  pays:          42,  types:        9,  orders:        6,
  is_scanned:    20,  confirms:     5,  says_no:       2,  is_refused:   4,
  regrets:        2,  is_refunded:  4,
  pays_at_closed: 2,  pays_too_much: 2, scans_rubbish: 2,
} as const satisfies Record<Play, number>

export interface Turn {
  readonly play: Play
  readonly wallet: string
  readonly acquirer: string
  readonly merchant: string
  /** Major units as the scheme writes them. */
  readonly amount: string
  readonly refused: ResponderCode
}

const hundred = Object.entries(shares).flatMap(([play, share]) =>
  Array<Play>(share).fill(play as Play),
)
/** Without a common factor with a hundred, so that all turns come, and the same ones far from each other. */
const STRIDE = 37

const shops = acquirers.flatMap(({ id, exponent, merchants }) =>
  merchants.map(merchant => ({ acquirer: id, exponent, merchant })),
)
const openShops = shops.filter(({ merchant }) => merchant.refuses === undefined)
const closedShops = shops.filter(({ merchant }) => merchant.refuses !== undefined)

/** What one buys, as a share of what the merchant's sample costs. */
const BASKETS = [1, 0.45, 2.1, 0.8, 1.35, 0.6, 3.2] as const
/** Far above what any wallet of the cast lets one payment be. */
const TOO_MUCH = 1_000_000
const REASONS = ['INSUFFICIENT_FUNDS', 'DECLINED', 'RISK_REJECT'] as const satisfies ResponderCode[]

const at = <T>(list: readonly T[], place: number): T => list[place % list.length] as T

/** Only travellers of this corridor may take back what they have paid. */
const REGRETTING = { wallet: 'wallet-th', acquirer: 'acquirer-cn' }

/** @param n counts the payments up from 0: the same number is the same turn */
export function turnAt(n: number): Turn {
  const play = at(hundred, n * STRIDE)
  const list =
    play === 'pays_at_closed'
      ? closedShops
      : play === 'regrets'
        ? openShops.filter(({ acquirer }) => acquirer === REGRETTING.acquirer)
        : openShops
  const shop = at(list, n)
  const factor = play === 'pays_too_much' ? TOO_MUCH : at(BASKETS, n)
  return {
    play,
    wallet: play === 'regrets' ? REGRETTING.wallet : at(walletsOf(play), n).id,
    acquirer: shop.acquirer,
    merchant: shop.merchant.id,
    amount: priceOf(shop.merchant, factor, shop.exponent),
    refused: at(REASONS, Math.trunc(n / 25)),
  }
}

const priceOf = ({ dynamicAmount }: CastMerchant, factor: number, exponent: number): string =>
  (Number(dynamicAmount) * factor).toFixed(exponent)

/** This wallet's books lag behind now and then, and only one of its users at a time should feel it. */
export const LAGGARD = 'wallet-de'

const walletsOf = (play: Play) =>
  ['is_scanned', 'confirms', 'says_no', 'is_refused'].includes(play)
    ? wallets.filter(({ id }) => id !== LAGGARD)
    : wallets
