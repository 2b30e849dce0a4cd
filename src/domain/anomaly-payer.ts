/** What one payer does: pays in two countries too soon, or again and again just under a limit. */
import type { Finding, Subject } from './anomaly.ts'
import { anomalyKinds } from './anomaly.ts'
import { confidenceOf, Suspicion } from './anomaly-suspicion.ts'
import { travelMs } from './anomaly-travel.ts'
import { LearntShare } from './baseline.ts'
import { Bounded } from './bounded.ts'
import type { Seen } from './window-digest.ts'

/** Payers and merchants remembered at a time; the one that was quiet the longest is forgotten. */
const PAYERS_MAX = 120_000
const NEAR_MAX = 20_000
/** Where a payer was counts for so long. */
const PLACE_MS = 12 * 3_600_000
/** Just under a limit: from here up to it. */
const NEAR_LEAST = 0.9
/** What share of amounts is there by chance, at the most that is believed, and what somebody does who means it. */
const NEAR_USUAL = 0.03
const NEAR_MEANT = 0.6
/** Forgets a suspicion so long after its last payment. */
const NEAR_MS = 2 * 3_600_000

interface Place {
  readonly market: string
  readonly at: number
  readonly id: string
}

interface Near {
  readonly suspicion: Suspicion
  lastAt: number
  payments: number
}

export class PayerWatch {
  readonly #places = new Bounded<string, Place>(PAYERS_MAX)
  readonly #near = new Bounded<string, Near>(NEAR_MAX)
  /** How usual it is to be near a limit, over everybody. */
  readonly #usual = new LearntShare(0.01, 50_000)

  /** A payment in the open: what it gives away of its payer, at once. */
  opened(seen: Seen, at: number, limit: number): readonly Finding[] {
    return [...this.#travelled(seen, at), ...this.#structured(seen, at, limit)]
  }

  #travelled({ person, wallet, payeeMarket, id }: Seen, at: number): readonly Finding[] {
    if (person === null) return []
    const before = this.#places.get(person)
    const here = { market: payeeMarket, at, id }
    if (before === undefined || at >= before.at) this.#places.set(person, here)
    if (before === undefined) return []
    const apart = Math.abs(at - before.at)
    const needed = travelMs(before.market, payeeMarket)
    if (needed === 0 || apart >= needed || apart > PLACE_MS) return []
    // Lanes tell of their payments in any order; people are told in which they were.
    const [first, then] = at < before.at ? [here, before] : [before, here]
    return [
      {
        kind: 'payer_travel',
        subject: { dimension: 'payer', name: person, wallet },
        severity: anomalyKinds.payer_travel.severity,
        facts: {
          from: first.market,
          to: then.market,
          minutes: Math.max(1, Math.round(apart / 60_000)),
          neededMinutes: Math.round(needed / 60_000),
        },
        // The closer to what a quick traveller needs, the likelier it is one.
        confidence: Math.round((1 - (apart / needed) ** 2 / 2) * 100) / 100,
        payments: [then.id, first.id],
        paymentsSeen: 2,
        also: [],
        since: first.at,
      },
    ]
  }

  #structured(seen: Seen, at: number, limit: number): readonly Finding[] {
    const { limitShare, person, wallet, merchant, id } = seen
    if (limitShare === null || limitShare > 1) return []
    const isNear = limitShare >= NEAR_LEAST
    this.#usual.learn(isNear)
    const subjects: Subject[] = [{ dimension: 'merchant', name: merchant }]
    if (person !== null) subjects.push({ dimension: 'payer', name: person, wallet })
    const usual = Math.max(this.#usual.most, NEAR_USUAL)
    const gain = isNear ? Math.log(NEAR_MEANT / usual) : Math.log((1 - NEAR_MEANT) / (1 - usual))
    return subjects.flatMap(subject => {
      const name = `${subject.dimension} ${subject.name}`
      const known = this.#near.get(name)
      if (known === undefined && !isNear) return []
      const near = known ?? { suspicion: new Suspicion(), lastAt: at, payments: 0 }
      if (at - near.lastAt > NEAR_MS) near.suspicion.reset()
      near.lastAt = at
      this.#near.set(name, near)
      near.suspicion.add(gain, at, limit, id)
      const { suspicion } = near
      if (suspicion.score === 0) this.#near.delete(name)
      if (suspicion.score < limit || !isNear) return []
      return [
        {
          kind: 'structuring' as const,
          subject,
          severity: anomalyKinds.structuring.severity,
          facts: {
            near: suspicion.count,
            usualShare: round(usual),
            fromShare: NEAR_LEAST,
            minutes: Math.max(1, Math.round((at - suspicion.since) / 60_000)),
          },
          confidence: confidenceOf(suspicion.score),
          payments: suspicion.evidence,
          paymentsSeen: suspicion.count,
          also: [],
          since: suspicion.since,
        },
      ]
    })
  }
}

const round = (share: number): number => Math.round(share * 1e4) / 1e4
