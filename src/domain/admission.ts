/** Admission: may this wallet pay at this acquirer now? Asked for a quote and again for the payment itself. */
import { type Corridor, scenarioOf } from './corridor.ts'
import type { Directory } from './directory.ts'
import type { Institution, Role } from './institution.ts'
import { ok, type Result, refuse } from './result.ts'

/** Who may ask for a payment of a merchant's code: those who hold payers' money, or stand for such. */
const mayPay: readonly Role[] = ['wallet', 'scheme']

/** Refusals, in order: ACCESS_DENIED, MEMBER_SUSPENDED, CORRIDOR_CLOSED, CODE_UNSUPPORTED (the family is switched off). */
export function admit(
  wallet: Institution,
  acquirer: Institution,
  family: string,
  directory: Directory,
  now: number,
): Result<Corridor> {
  if (!mayPay.includes(wallet.role)) return refuse('ACCESS_DENIED')
  if (!directory.isOpen(wallet.id, now) || !directory.isOpen(acquirer.id, now)) {
    return refuse('MEMBER_SUSPENDED')
  }
  const corridor = directory.corridor(wallet.market, acquirer.market)
  const scenario = scenarioOf(wallet.market, acquirer.market)
  const closed =
    corridor?.status !== 'open' ||
    directory.isOff('corridor', `${wallet.market}>${acquirer.market}`, now) ||
    directory.isOff('scenario', scenario, now)
  if (corridor === undefined || closed) return refuse('CORRIDOR_CLOSED')
  if (directory.isOff('family', family, now)) return refuse('CODE_UNSUPPORTED')
  return ok(corridor)
}
