/** What operators do with lanes and centers while people pay: more lanes or fewer, a center that is drained and comes back. */
import { steer } from '../../../src/db/steering.ts'
import { type Planner, planDrain, planLanes, planReturn } from '../../../src/domain/epoch-plan.ts'
import { holdCenters, orderLoss } from '../../../src/sentinels.ts'
import { actor } from '../agenda.ts'
import type { World } from '../world.ts'
import { limitedCenters, payers } from './cast.ts'

/** So soon after an island has begun. */
const ORDER_MS = 5_000

export function steerCenters(world: World) {
  const { agenda, clocks, dice, edgeEnv, endsAt, islands } = world
  const operators = actor('operators', clocks.ofGateway('operators', 0))
  const draw = () => dice.draw('steering', 0)
  const instant = (from: number) => Math.floor(from + (endsAt - from) * draw())
  const act = (at: number, planner: Planner) => {
    agenda.after(at - agenda.now, operators, () => {
      const env = edgeEnv as never
      const before = () => holdCenters(env)
      steer(edgeEnv.DIRECTORY as never, planner, { now: Date.now, before }).then(
        steered => world.note({ steered: steered.ok ? steered.value.epochs.length : 'refused' }),
        error => world.note({ steered: String(error) }),
      )
    })
  }
  for (const { center, from, isApart } of islands) {
    if (isApart) continue
    // What edges see of it is bad enough for somebody to give it up.
    agenda.after(from + ORDER_MS * draw() - agenda.now, operators, () => {
      void orderLoss(edgeEnv as never, center).catch(() => null)
    })
  }
  if (draw() < 0.6) {
    const { id } = dice.pick(payers, 'steering', 1)
    act(instant(clocks.startsAt), planLanes(id, 1 + Math.floor(4 * draw())))
  }
  if (draw() < 0.4) {
    const { id } = dice.pick(limitedCenters, 'steering', 2)
    const drainedAt = instant(clocks.startsAt)
    act(drainedAt, planDrain(id))
    act(instant(drainedAt), planReturn(id))
  }
}
