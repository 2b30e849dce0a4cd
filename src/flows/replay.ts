/** Replay: a member whose endpoint is well again asks for what it missed, instead of waiting for the next attempt. */
import type { Duty, DutyName } from '../domain/duty.ts'
import { isNamed } from '../domain/duty.ts'
import type { Institution } from '../domain/institution.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { laneOfPayment } from './lanes.ts'
import type { World } from './world.ts'

/**
 * Tells a duty again at once, through its lane, and gives it as it then is.
 *
 * Refusals: PAYMENT_NOT_EXIST where this institution owes nothing of that name, BUSY.
 */
export async function replay(
  owner: Pick<Institution, 'id'>,
  paymentId: string,
  name: Omit<DutyName, 'owner'>,
  world: World,
): Promise<Result<Duty>> {
  const lane = laneOfPayment(world, paymentId)
  const wanted = { ...name, owner: owner.id }
  const known = (await lane?.read(paymentId))?.duties.some(duty => isNamed(duty, wanted))
  if (lane === undefined || known !== true) return refuse('PAYMENT_NOT_EXIST')
  const told = await lane.submit(paymentId, { kind: 'timer', tell: wanted, invited: true })
  if (!told.ok) return told
  const duty = told.value.payment.duties.find(each => isNamed(each, wanted))
  return duty === undefined ? refuse('PAYMENT_NOT_EXIST') : ok(duty)
}
