/** Sample traffic: wallets of the cast paying at merchants of the cast, at an even pace, until it is stopped. */
import { GatewayRefusal } from '../sdk/index.ts'
import type { Box } from './box.ts'
import { doings, type Result } from './purchases.ts'
import { turnAt } from './rota.ts'

export interface Traffic {
  /** Purchases that ended, by result: S, F, U, and those that could not be tried. */
  readonly counts: Readonly<Record<Result | 'untried', number>>
  stop(): void
}

/** Purchases under way at the most: a network that stalls must not pile them up. */
const UNDER_WAY_MAX = 200

/** @param perSecond purchases begun each second, above 0 */
export function startTraffic(box: Box, perSecond: number): Traffic {
  const counts = { S: 0, F: 0, U: 0, untried: 0 }
  let begun = 0
  let underWay = 0

  const purchase = async () => {
    if (underWay >= UNDER_WAY_MAX) return
    const turn = turnAt(begun)
    begun += 1
    underWay += 1
    try {
      counts[await doings[turn.play](box, turn)] += 1
    } catch (error) {
      counts[error instanceof GatewayRefusal ? 'F' : 'untried'] += 1
    } finally {
      underWay -= 1
    }
  }
  const timer = setInterval(() => void purchase(), 1000 / perSecond)
  return { counts, stop: () => clearInterval(timer) }
}
