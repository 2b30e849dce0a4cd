/** What one merchant does: gives back far more and far faster than it does usually, or is new and sells like mad. */
import { anomalyKinds, type Finding } from './anomaly.ts'
import { confidenceOf, Suspicion } from './anomaly-suspicion.ts'
import { Bounded } from './bounded.ts'

/** Merchants whose sales and refunds are counted, and who count as known; beyond it nobody new is judged. */
const COUNTED_MAX = 100_000
const KNOWN_MAX = 250_000
/** A merchant is new for so long; before a monitor has watched for as long, it knows of nobody that is. */
const NEW_MS = 3 * 86_400_000
/** Of today, and of usual: sales and refunds count for half after so long. */
const TODAY_MS = 12 * 3_600_000
const USUAL_MS = 7 * 86_400_000
/** Seconds that the usual is a sum over. */
const USUAL_S = USUAL_MS / 1_000 / Math.LN2
/** The share that is given back by those of whom little is known: shops of clothes are among them. */
const REFUNDED_UNKNOWN = 0.15
/** How far the usual share may be exceeded, and sales that every merchant is believed to have had. */
const REFUNDED_TIMES = 1.5
const SALES_BEFORE = 20
/** Refunds come this often with every merchant, seconds; ten times as often is a burst. */
const REFUND_EVERY_S = 3_600
const BURST = 10
/** A burst is nothing where the day's sales explain it, as with a shop that gives back the day's returns at closing. */
const UNEXPLAINED = 5
/** What a new merchant sells a second, when it sells well. */
const NEW_USUAL = 1 / 60

interface Sum {
  sales: number
  refunds: number
}

interface Counted {
  readonly today: Sum
  readonly usual: Sum
  /** When they were last made older. */
  at: number
  readonly burst: Suspicion
  refundedAt: number
}

interface Fresh {
  readonly suspicion: Suspicion
  lastAt: number
  usd: number
}

/** When merchants were first seen. */
export type PackedMerchants = readonly (readonly [merchant: string, firstAt: number])[]

export class MerchantWatch {
  readonly #counted = new Bounded<string, Counted>(COUNTED_MAX)
  readonly #known = new Map<string, number>()
  readonly #fresh = new Bounded<string, Fresh>(COUNTED_MAX)
  #watchingSince: number | null = null
  #unwritten: [string, number][] = []

  /** Every payment that was opened. */
  opened(merchant: string, id: string, usd: number, at: number, limit: number): readonly Finding[] {
    this.#watchingSince ??= at
    const firstAt = this.#meet(merchant, at)
    const isNew = firstAt !== null && at - firstAt < NEW_MS
    if (!isNew || at - this.#watchingSince < NEW_MS) return []
    const fresh = this.#fresh.get(merchant) ?? { suspicion: new Suspicion(), lastAt: at, usd: 0 }
    this.#fresh.set(merchant, fresh)
    const { suspicion } = fresh
    quicken(suspicion, NEW_USUAL, (at - fresh.lastAt) / 1_000, at, limit, id)
    fresh.usd = suspicion.count === 1 ? usd : fresh.usd + usd
    fresh.lastAt = at
    if (suspicion.score < limit) return []
    return [
      finding('merchant_burst', merchant, suspicion, {
        payments: suspicion.count,
        seconds: Math.max(1, Math.round((at - suspicion.since) / 1_000)),
        usualPerMinute: NEW_USUAL * 60,
        ageHours: Math.round((at - firstAt) / 3_600_000),
        usd: Math.round(fresh.usd / 100),
      }),
    ]
  }

  sold(merchant: string, at: number) {
    const { today, usual } = this.#of(merchant, at)
    today.sales += 1
    usual.sales += 1
  }

  refunded(merchant: string, id: string, at: number, limit: number): readonly Finding[] {
    const counted = this.#of(merchant, at)
    const { today, usual, burst } = counted
    const usualPerSecond = (REFUNDED_TIMES * usual.refunds) / USUAL_S + 1 / REFUND_EVERY_S
    quicken(burst, usualPerSecond, (at - counted.refundedAt) / 1_000, at, limit, id)
    counted.refundedAt = at
    const share = this.#usualShare(merchant, usual, at)
    today.refunds += 1
    usual.refunds += 1
    const expected = share * (today.sales + 1)
    const { refunds } = today
    // How much likelier so many refunds are if they are not what the day's sales bring with them.
    const unexplained =
      refunds <= expected ? 0 : refunds * Math.log(refunds / expected) - refunds + expected
    if (burst.score < limit || unexplained < UNEXPLAINED) return []
    return [
      finding('refund_abuse', merchant, burst, {
        refunds: burst.count,
        seconds: Math.max(1, Math.round((at - burst.since) / 1_000)),
        today: Math.round(refunds),
        sales: Math.round(today.sales),
        usualShare: Math.round(share * 1e4) / 1e4,
      }),
    ]
  }

  /** The most that is usual of what this merchant gives back; of one that was not watched for days little is known. */
  #usualShare(merchant: string, { sales, refunds }: Sum, at: number): number {
    const since = Math.max(this.#known.get(merchant) ?? at, this.#watchingSince ?? at)
    if (at - since < NEW_MS) return REFUNDED_UNKNOWN
    const mean = (refunds + 0.2) / (sales + SALES_BEFORE)
    const error = Math.sqrt(mean / (sales + SALES_BEFORE))
    return REFUNDED_TIMES * mean + 2 * error
  }

  #of(merchant: string, at: number): Counted {
    const counted = this.#counted.get(merchant) ?? {
      today: { sales: 0, refunds: 0 },
      usual: { sales: 0, refunds: 0 },
      at,
      burst: new Suspicion(),
      refundedAt: at,
    }
    const passed = Math.max(at - counted.at, 0)
    fade(counted.today, 0.5 ** (passed / TODAY_MS))
    fade(counted.usual, 0.5 ** (passed / USUAL_MS))
    counted.at = Math.max(at, counted.at)
    this.#counted.set(merchant, counted)
    return counted
  }

  /** When a merchant was first seen; null for one that there was no room to remember. */
  #meet(merchant: string, at: number): number | null {
    const known = this.#known.get(merchant)
    if (known !== undefined) return known
    if (this.#known.size >= KNOWN_MAX) return null
    this.#known.set(merchant, at)
    this.#unwritten.push([merchant, at])
    return at
  }

  /** Merchants met since the last time this was asked, for who keeps them. */
  takeMet(): PackedMerchants {
    const met = this.#unwritten
    this.#unwritten = []
    return met
  }

  remember(merchants: PackedMerchants, since: number) {
    for (const [merchant, firstAt] of merchants) this.#known.set(merchant, firstAt)
    this.#watchingSince = since
  }

  /** What is usual of one merchant, from elsewhere: sums that count as if they were just made. */
  learn(merchant: string, sales: number, refunds: number, at: number) {
    const { usual } = this.#of(merchant, at)
    usual.sales += sales
    usual.refunds += refunds
  }

  get watchingSince(): number | null {
    return this.#watchingSince
  }
}

/** Something happened once more: it speaks for a burst, and the time since the last one against it. */
function quicken(
  suspicion: Suspicion,
  usualPerSecond: number,
  waitedS: number,
  at: number,
  limit: number,
  id: string,
) {
  suspicion.add(-Math.max(waitedS, 0) * usualPerSecond * (BURST - 1), at, limit)
  suspicion.add(Math.log(BURST), at, limit, id)
}

function fade(sum: Sum, factor: number) {
  sum.sales *= factor
  sum.refunds *= factor
}

const finding = (
  kind: 'merchant_burst' | 'refund_abuse',
  merchant: string,
  suspicion: Suspicion,
  facts: Record<string, number>,
): Finding => ({
  kind,
  subject: { dimension: 'merchant', name: merchant },
  severity: anomalyKinds[kind].severity,
  facts,
  confidence: confidenceOf(suspicion.score),
  payments: suspicion.evidence,
  paymentsSeen: suspicion.count,
  also: [],
  since: suspicion.since,
})
