/** Labelled incidents: what is done to the simulated traffic, when, and whom it touches. */
import { type AnomalyKind, anomalyKindNames } from '../../src/domain/anomaly.ts'
import type { Chance } from './anomaly-chance.ts'
import { acquirers, type Corridor, corridors, wallets } from './anomaly-network.ts'

export interface Incident {
  readonly kind: AnomalyKind
  readonly from: number
  until: number
  /** Names of those that an alert about it may be about; everything together is always one. */
  readonly touches: Set<string>
  /** Of a corridor: those it concerns. */
  concerns(corridor: Corridor): boolean
  /** How strong it is, by the meaning of its kind. */
  readonly strength: number
  readonly variant: string
}

const MINUTE = 60_000

/** All but the one that is a clock, and is not played. */
export const incidentKinds = anomalyKindNames.filter(kind => kind !== 'events_late')

/** A member or a corridor, likelier the more traffic it has; the busiest parts of a network also break. */
function part(chance: Chance): { concerns: Incident['concerns']; touches: string[] } {
  const roll = chance.next()
  if (roll < 0.35) {
    const { id } = chance.choose(wallets, ({ share }) => share)
    return { concerns: ({ wallet }) => wallet.id === id, touches: [id] }
  }
  if (roll < 0.7) {
    const { id } = chance.choose(acquirers, ({ share }) => share)
    return { concerns: ({ acquirer }) => acquirer.id === id, touches: [id] }
  }
  const { name } = chance.choose(corridors, ({ share }) => share)
  return { concerns: corridor => corridor.name === name, touches: [name] }
}

/** Range of strengths of each kind. */
// biome-ignore format: a table is read by column
const strengths: Partial<Record<AnomalyKind, readonly [least: number, most: number]>> = {
  success_drop:       [0.25, 0.9],  // of its payments fail besides
  latency_rise:       [2, 6],       // times as long
  volume_spike:       [4, 10],      // times as many
  volume_silence:     [0, 0.03],    // of the usual is left
  refusal_shift:      [0.75, 0.97], // of its refusals give one reason
  structuring:        [2, 6],       // seconds between two payments just under the limit
  refund_abuse:       [0.6, 2],     // seconds between two refunds
  merchant_burst:     [0.4, 1.2],   // seconds between two payments
  clock_skew:         [30, 240],    // seconds, either way
  signature_failures: [0.2, 1],     // of its requests
}

/** One incident after the other, each kind in turn, with calm between them in which all is forgotten. */
export function plan(chance: Chance, from: number, each: number, count: number): Incident[] {
  const incidents: Incident[] = []
  let at = from
  for (let round = 0; round < count; round += 1) {
    for (const kind of incidentKinds) {
      const start = at + chance.between(0, each / 3)
      incidents.push(incident(kind, start, chance))
      at += each
    }
  }
  return incidents
}

function incident(kind: AnomalyKind, from: number, chance: Chance): Incident {
  const [least, most] = strengths[kind] ?? [1, 1]
  const strength = chance.between(least, most)
  const of =
    kind === 'clock_skew' || kind === 'signature_failures' || kind === 'latency_rise'
      ? member(chance)
      : part(chance)
  const variant =
    kind === 'success_drop'
      ? chance.pick(['refuses', 'silent'])
      : kind === 'refusal_shift'
        ? chance.pick(['RISK_REJECT', 'ORDER_NOT_EXIST', 'MERCHANT_NOT_QUALIFIED'])
        : kind === 'clock_skew'
          ? chance.pick(['ahead', 'behind'])
          : kind === 'code_twice'
            ? chance.pick(['mpm', 'cpm'])
            : kind === 'structuring'
              ? chance.pick(['payer', 'merchant'])
              : ''
  return {
    kind,
    from,
    until: from + chance.between(4, 9) * MINUTE,
    touches: new Set(of.touches),
    concerns: of.concerns,
    strength,
    variant,
  }
}

function member(chance: Chance) {
  const { id } = chance.choose([...wallets, ...acquirers], ({ share }) => share)
  return {
    concerns: ({ wallet, acquirer }: Corridor) => wallet.id === id || acquirer.id === id,
    touches: [id],
  }
}
