/**
 * Limits: what an institution may be party to, as rows with effective times. What each kind counts is a table;
 * who lends headroom of a limit to whom is in `share`.
 */
import type { AllowanceKind } from './allowance.ts'

/**
 * - `single`: a bound of one payment, judged where the payment is admitted.
 * - `day`: counted over a day of the institution's zone.
 * - `second`: counted over each second of the clock.
 * - `open`: counted until it is given back: what the institution owes and has not settled, or has under way.
 */
export type LimitPeriod = 'single' | 'day' | 'second' | 'open'

// biome-ignore format: a table is read by column
export const limitKinds = {
  single_min: { counts: 'amount',   period: 'single' },
  single_max: { counts: 'amount',   period: 'single' },
  value_day:  { counts: 'amount',   period: 'day'    },
  count_day:  { counts: 'payments', period: 'day'    },
  per_second: { counts: 'payments', period: 'second' },
  net_debit:  { counts: 'amount',   period: 'open'   },
  /** What an acquirer may have under way of refunds: payments take nothing of it. */
  refund_open: { counts: 'amount',  period: 'open'   },
} as const satisfies Record<string, { counts: 'amount' | 'payments'; period: LimitPeriod }>

export type LimitKind = keyof typeof limitKinds

export interface Limit {
  readonly institution: string
  /** Which of its payments: all (`*`), those of a corridor (`TH>CN`), or those with one member (`acquirer-cn`). */
  readonly scope: string
  readonly kind: LimitKind
  /** In force from this instant until the next row of the same institution, scope and kind begins. */
  readonly from: number
  /** Minor units of the institution's own currency, or payments; null for no limit from then on. */
  readonly value: bigint | null
}

/** Rows of one institution, scope and kind, the newest first. */
export interface LimitHistory {
  readonly scope: string
  readonly kind: LimitKind
  readonly rows: readonly Limit[]
}

/** The row in force; undefined before the first one. */
export const limitAt = ({ rows }: LimitHistory, now: number): Limit | undefined =>
  rows.find(({ from }) => from <= now)

/** The row that comes next; undefined where none is announced. */
export const nextLimit = ({ rows }: LimitHistory, now: number): Limit | undefined =>
  rows.findLast(({ from }) => from > now)

/** Rows of one institution as histories, in a fixed order. */
export const historiesOf = (rows: readonly Limit[]): readonly LimitHistory[] =>
  [...Map.groupBy(rows, ({ scope, kind }) => `${scope} ${kind}`)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, list]) => {
      const sorted = list.toSorted((one, other) => other.from - one.from)
      const { scope, kind } = sorted[0] as Limit
      return { scope, kind, rows: sorted }
    })

/** One limit over one period: what shares are shares of. */
export interface LimitPlace {
  readonly institution: string
  readonly scope: string
  readonly kind: LimitKind
  /** The day, `2026-10-01`; `-` where the kind has none. */
  readonly period: string
}

/** `wallet-th * value_day 2026-10-01`: none of its parts has a space. */
export const limitName = ({ institution, scope, kind, period }: LimitPlace): string =>
  `${institution} ${scope} ${kind} ${period}`

export function limitPlace(name: string): LimitPlace {
  const [institution = '', scope = '', kind = '', period = ''] = name.split(' ')
  return { institution, scope, kind: kind as LimitKind, period }
}

/** What a payment takes of one limit: minor units of its institution's own currency, or one payment. */
export interface Reserve {
  readonly limit: string
  readonly minor: bigint
}

/** A refusal's evidence: which limit, what is left of it and when it begins anew. */
export interface LimitStanding extends Pick<LimitPlace, 'scope'> {
  /** Of an institution or, where that is null, of whoever pays in the corridor. */
  readonly kind: LimitKind | AllowanceKind
  /** Null for a limit of the corridor itself. */
  readonly institution: string | null
  /** ISO 4217; null where payments are counted. */
  readonly currency: string | null
  /** Minor units or payments; null where whoever is told has no right to know: of a person's year, what is left. */
  readonly value: bigint | null
  readonly left: bigint | null
  /** Milliseconds since 1970; null where time alone does not renew it. */
  readonly resetsAt: number | null
}

/** Whether a limit of this scope is about a payment with this other member in this corridor. */
export const isAbout = (scope: string, corridor: string, other: string): boolean =>
  scope === '*' || scope === corridor || scope === other
