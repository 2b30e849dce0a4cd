/** A corridor: payments from one market to another, with its rules as data. */

export type Scenario = 'inbound' | 'outbound' | 'overseas' | 'local'
export type Presentment = 'mpm' | 'cpm'

export interface Corridor {
  /** ISO 3166-1 alpha-2 of the payer's institution. */
  readonly payerMarket: string
  /** ISO 3166-1 alpha-2 of the merchant. */
  readonly payeeMarket: string
  readonly status: 'open' | 'closed'
  /** The largest single payment in minor units of the payee's currency; null where none is set. */
  readonly singleMaxMinor: bigint | null
  /** What the acquirer gives the wallet, basis points of the payee amount. */
  readonly interchangeBp: number
  /** What the acquirer gives the gateway, basis points of the payee amount. */
  readonly serviceFeeBp: number
  /**
   * MPM: for so many minutes after the commit the wallet may still cancel. Absent or 0 for not at all: the goods are
   * gone, and only their seller can say that they came back.
   */
  readonly walletCancelMinutes?: number
  /**
   * What becomes of a payment while the center that keeps its payer's allowance cannot be asked: it is refused, or goes
   * on and is counted later, perhaps beyond the allowance. Absent: refused.
   */
  readonly whenPersonAway?: 'refuse' | 'accept'
  /**
   * What becomes of a payment in such a corridor whose wallet does not state who pays: it is refused, or it is bounded by
   * itself alone, for as long as it takes the wallets of a corridor to learn to state it. Absent: refused.
   */
  readonly whenPersonUnstated?: 'refuse' | 'accept'
}

/** Mainland China's own ISO code: Hong Kong and Macau are markets of their own. */
const MAINLAND = 'CN'

/** The four scenarios of the mission, from the two markets alone. */
export function scenarioOf(payerMarket: string, payeeMarket: string): Scenario {
  if (payerMarket === payeeMarket) return 'local'
  if (payeeMarket === MAINLAND) return 'inbound'
  if (payerMarket === MAINLAND) return 'outbound'
  return 'overseas'
}
