/** A payment whole, for the staff: as its lane has it, with what happened and who said what. */
import { ladderOf, type Rung } from '../domain/ladder.ts'
import type { Payment } from '../domain/payment.ts'
import { laneName } from '../domain/payment-id.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { type Moment, timelineOf } from '../domain/timeline.ts'
import type { RecorderWorld } from './world.ts'

export interface Recalled {
  readonly payment: Payment
  readonly center: string
  readonly lane: string
  readonly moments: readonly Moment[]
  readonly ladder: readonly Rung[]
}

/** Refuses with PAYMENT_NOT_EXIST. Changes nothing: nobody is told because somebody looked. */
export async function recall(id: string, world: RecorderWorld): Promise<Result<Recalled>> {
  const found = world.directory.locate(id)
  if (found === undefined) return refuse('PAYMENT_NOT_EXIST')
  const { place } = found
  const center = found.center.id
  const payment = await world.lane(center, place).read(id)
  if (payment === null) return refuse('PAYMENT_NOT_EXIST')
  const recorded = await world.history(center, place, id)
  return ok({
    payment,
    center,
    lane: laneName(place),
    moments: timelineOf(recorded, null),
    ladder: ladderOf(recorded),
  })
}
