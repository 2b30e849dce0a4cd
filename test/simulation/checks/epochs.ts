/** The lanes at the end: each payment is where the directory, as it became, puts its request (I5). */
import { placeOf } from '../../../src/domain/payment-id.ts'
import type { World } from '../world.ts'

export function checkEpochs(world: World) {
  const directory = world.directoryAt(world.agenda.now)
  for (const { paymentId, requester, requestedAt } of world.ledger.payments.values()) {
    const [place, epoch] = [placeOf(paymentId), directory.epochAt(requester, requestedAt)]
    if (place?.epoch === epoch?.epoch) continue
    const says = `it is opened in epoch ${place?.epoch}, and was requested in ${epoch?.epoch}`
    world.ledger.broken('I5', paymentId, says)
  }
}
