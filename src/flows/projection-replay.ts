/** Has the lanes of a center feed its projection again, as far as that does not know them. */
import type { Directory } from '../domain/directory.ts'
import { laneName, type PaymentPlace } from '../domain/payment-id.ts'
import {
  type LaneSaid,
  lanesOf,
  type ProjectionReplay,
  REPLAY_LANES,
  replayOf,
} from '../domain/projection-replay.ts'

export interface ReplayPorts {
  now(): number
  /** How far the projection has these lanes; those it does not know are left out. */
  stored(lanes: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Tells the lane how far the projection has it. Gives its newest `seq`, and whether it believed in more. */
  tell(place: PaymentPlace, stored: number): Promise<{ readonly seq: number; isBack: boolean }>
  log(line: object): void
}

/**
 * One page of a center's lanes. Again does nothing to lanes that are under way already.
 *
 * @throws where the projection cannot be asked: then nobody is told anything
 */
export async function replayProjection(
  directory: Directory,
  center: string,
  after: PaymentPlace | null,
  ports: ReplayPorts,
): Promise<ProjectionReplay> {
  const places = lanesOf(directory, center, after, ports.now())
  const page = places.slice(0, REPLAY_LANES)
  const known = await ports.stored(page.map(laneName))
  const said = await Promise.all(
    page.map(place => ask(place, known.get(laneName(place)) ?? 0, ports)),
  )
  return replayOf(places, said)
}

async function ask(
  place: PaymentPlace,
  stored: number,
  { tell, log }: ReplayPorts,
): Promise<LaneSaid | null> {
  try {
    return { ...(await tell(place, stored)), stored }
  } catch (error) {
    log({ log: 'projection', event: 'unreached', lane: laneName(place), reason: String(error) })
    return null
  }
}
