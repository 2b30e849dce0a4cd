/** Sample traffic: wallets of the cast buying from merchants of the cast, at an even pace, until it is stopped. */
import { acquirers } from '../members/cast.ts'
import type { Box } from './box.ts'

export interface Traffic {
  /** Purchases that ended, by result: S, F, U, and those that could not be tried. */
  readonly counts: Readonly<Record<'S' | 'F' | 'U' | 'untried', number>>
  stop(): void
}

/** Purchases under way at the most: a network that stalls must not pile them up. */
const UNDER_WAY_MAX = 200

/** @param perSecond purchases begun each second, above 0 */
export function startTraffic(box: Box, perSecond: number): Traffic {
  const counts = { S: 0, F: 0, U: 0, untried: 0 }
  const wallets = [...box.wallets.values()]
  const codes = acquirers.flatMap(({ merchants }) =>
    merchants.filter(({ refuses }) => refuses === undefined).map(({ dynamicCode }) => dynamicCode),
  )
  let begun = 0
  let underWay = 0

  const purchase = async () => {
    if (underWay >= UNDER_WAY_MAX) return
    const code = codes[begun % codes.length]
    const wallet = wallets[begun % wallets.length]?.wallet
    begun += 1
    if (code === undefined || wallet === undefined) return
    underWay += 1
    try {
      counts[(await wallet.purchase({ code })).result] += 1
    } catch {
      counts.untried += 1
    } finally {
      underWay -= 1
    }
  }
  const timer = setInterval(() => void purchase(), 1000 / perSecond)
  return { counts, stop: () => clearInterval(timer) }
}
