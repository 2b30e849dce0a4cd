/**
 * Anomalies: what is not as it should be, found from what was seen alone. Each kind is found by a test of its own; what
 * they find has one shape, and says what was seen, what was expected, how sure it is, and which payments are behind it.
 */

export type Severity = 'notice' | 'warning' | 'critical'

/**
 * How bad each kind is when it is found; how many false ones a day a center may have of it; and how many observations
 * one payment makes for it, all its subjects together, that could begin a suspicion.
 */
// biome-ignore format: a table is read by column
export const anomalyKinds = {
  success_drop:       { severity: 'critical', falsePerDay: 0.02, perPayment: 4    },
  latency_rise:       { severity: 'warning',  falsePerDay: 0.02, perPayment: 4    },
  volume_spike:       { severity: 'warning',  falsePerDay: 0.02, perPayment: 1    },
  volume_silence:     { severity: 'critical', falsePerDay: 0.02, perPayment: 1    },
  refusal_shift:      { severity: 'warning',  falsePerDay: 0.02, perPayment: 0.3  },
  payer_travel:       { severity: 'notice',   falsePerDay: 0.02, perPayment: 1    },
  code_twice:         { severity: 'warning',  falsePerDay: 0.02, perPayment: 1    },
  structuring:        { severity: 'warning',  falsePerDay: 0.02, perPayment: 0.03 },
  refund_abuse:       { severity: 'warning',  falsePerDay: 0.02, perPayment: 0.03 },
  merchant_burst:     { severity: 'warning',  falsePerDay: 0.02, perPayment: 0.1  },
  clock_skew:         { severity: 'warning',  falsePerDay: 0.02, perPayment: 2    },
  signature_failures: { severity: 'critical', falsePerDay: 0.02, perPayment: 2    },
  events_late:        { severity: 'critical', falsePerDay: 0.02, perPayment: 1    },
} as const satisfies Record<
  string,
  { readonly severity: Severity; readonly falsePerDay: number; readonly perPayment: number }
>

export type AnomalyKind = keyof typeof anomalyKinds
export const anomalyKindNames = Object.keys(anomalyKinds) as [AnomalyKind, ...AnomalyKind[]]

export interface Subject {
  readonly dimension:
    | 'all'
    | 'corridor'
    | 'institution'
    | 'merchant'
    | 'payer'
    | 'payment'
    | 'center'
  /** Of a payer the keyed token: who it is, to whoever sees it twice. It leaves the monitor only for those who may see payers. */
  readonly name: string
  /** Of a payer, whose user it is; null where nobody knows. */
  readonly wallet?: string | null
}

/** What everybody may know of a subject: of a payer no more than whose user it is. */
export const shown = ({ dimension, name, wallet }: Subject): Subject => ({
  dimension,
  name: dimension === 'payer' ? (wallet ?? '') : name,
})

export type Facts = Readonly<Record<string, number | string>>

/** Something that a test holds for true at this moment. */
export interface Finding {
  readonly kind: AnomalyKind
  readonly subject: Subject
  readonly severity: Severity
  /** The figures behind the words that people read. */
  readonly facts: Facts
  /** How probable it is that it is no chance, 0 to 1. */
  readonly confidence: number
  /** Newest first, bounded; how many there were in all. */
  readonly payments: readonly string[]
  readonly paymentsSeen: number
  /** Others that show the same because of the same payments. */
  readonly also: readonly Subject[]
  /** When it began, as far as the test can tell; milliseconds since 1970. */
  readonly since: number
}

export const sameSubject = (one: Subject, other: Subject): boolean =>
  one.dimension === other.dimension && one.name === other.name

/** Payments shown with a finding. */
export const EVIDENCE_MAX = 20
