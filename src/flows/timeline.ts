/** The timeline of a payment: read from its lane's journal, for its two parties only. */
import type { Institution } from '../domain/institution.ts'
import type { Result } from '../domain/result.ts'
import { ok, refuse } from '../domain/result.ts'
import { type Moment, timelineOf } from '../domain/timeline.ts'
import { readPayment } from './read.ts'
import type { RecorderWorld } from './world.ts'

/** Refuses with PAYMENT_NOT_EXIST whoever is no party, exactly as if there were none. */
export async function readTimeline(
  reader: Institution,
  id: string,
  world: RecorderWorld,
): Promise<Result<readonly Moment[]>> {
  const found = await readPayment(reader, id, 0, world)
  if (!found.ok) return found
  const place = world.directory.locate(id)
  if (place === undefined) return refuse('PAYMENT_NOT_EXIST')
  return ok(timelineOf(await world.history(place.center.id, place.place, id), reader.id))
}
