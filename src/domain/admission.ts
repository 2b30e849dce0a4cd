/** Admission: may this wallet pay at this acquirer now? Asked for a quote and again for the payment itself. */
import { type Corridor, scenarioOf } from './corridor.ts'
import type { Directory } from './directory.ts'
import type { Institution } from './institution.ts'
import { ok, type Result, refuse } from './result.ts'

/** Refusals, in order: MEMBER_SUSPENDED, CORRIDOR_CLOSED, CODE_UNSUPPORTED (the family is switched off). */
export function admit(
  wallet: Institution,
  acquirer: Institution,
  family: string,
  directory: Directory,
  now: number,
): Result<Corridor> {
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
