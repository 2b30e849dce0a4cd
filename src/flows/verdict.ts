/**
 * What a responder says unasked: a wallet what its user said, some seconds after the till has scanned; an acquirer
 * what its switch did, by its file, hours after it was silent.
 */
import type { Presentment } from '../domain/corridor.ts'
import type { Institution } from '../domain/institution.ts'
import type { Payment, Verdict } from '../domain/payment.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { tellDecision } from './duty.ts'
import { laneOfPayment } from './lanes.ts'
import type { World } from './world.ts'

/**
 * Gives the payment as it is after it; a yes that comes too late is answered by the abort that stands.
 *
 * @param presentment in CPM the wallet is the responder, in MPM the acquirer
 *
 * Refusals: PAYMENT_NOT_EXIST for whoever is not the one that was asked, BUSY.
 */
export async function pushVerdict(
  responder: Institution,
  presentment: Presentment,
  id: string,
  verdict: Verdict,
  world: World,
): Promise<Result<Payment>> {
  const lane = laneOfPayment(world, id)
  const payment = (await lane?.read(id)) ?? null
  if (lane === undefined || payment === null || !isAsked(responder, presentment, payment)) {
    return refuse('PAYMENT_NOT_EXIST')
  }
  const heard = await lane.submit(id, { kind: 'answer', verdict })
  if (!heard.ok) return heard
  tellDecision(heard.value, world)
  return ok(heard.value.payment)
}

export const isAsked = (
  { id }: Institution,
  presentment: Presentment,
  { terms }: Payment,
): boolean => terms.presentment === presentment && terms.responder === id
