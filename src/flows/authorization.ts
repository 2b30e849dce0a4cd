/** Authorization pushed by a wallet: what its user said, some seconds after the till has scanned. */
import type { Institution } from '../domain/institution.ts'
import type { Payment, Verdict } from '../domain/payment.ts'
import type { Result } from '../domain/result.ts'
import { pushVerdict } from './verdict.ts'
import type { World } from './world.ts'

/** Refusals: PAYMENT_NOT_EXIST for whoever is not the wallet that was asked, BUSY. */
export const pushAuthorization = (
  wallet: Institution,
  id: string,
  verdict: Verdict,
  world: World,
): Promise<Result<Payment>> => pushVerdict(wallet, 'cpm', id, verdict, world)
