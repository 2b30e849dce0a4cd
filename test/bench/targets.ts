/** What was promised of a payment, beside what a run measured. */
import type { figuresOf } from './report.ts'

/** What a whole run says besides the figures every run has. */
export interface Beside {
  /** Flushes of the disk for a payment at 256 connections; null where the system counts none. */
  readonly saturatedFlushes: number | null
  /** Payments of others while 5 % of the calls go to a silent member, to those without; null where not measured. */
  readonly besideSilent: number | null
}

type Figures = ReturnType<typeof figuresOf>

export interface Judged {
  readonly what: string
  readonly target: string
  /** Null where it was not measured. */
  readonly measured: number | null
  readonly unit: string
  readonly isMet: boolean
}

interface Target {
  readonly what: string
  readonly most?: number
  readonly least?: number
  readonly unit?: string
  readonly of: (figures: Figures, beside: Beside) => number | null
}

// biome-ignore format: a table is read by column
const targets: readonly Target[] = [
  { what: 'payments to the naive floor',              least: 0.9,          of: ({ ratios }) => ratios.payToNaive },
  { what: 'payments to the grouped floor',            least: 0.5,          of: ({ ratios }) => ratios.payToGrouped },
  { what: 'payments to the sworn floor',                                   of: ({ ratios }) => ratios.payToSworn },
  { what: 'median latency to the naive floor',        most: 2,             of: ({ ratios }) => ratios.payP50ToNaive },
  { what: 'payments to plain D1',                     least: 3,            of: ({ ratios }) => ratios.payToPlainD1 },
  { what: 'quotes to a signed hello, where the code says everything', least: 0.6, of: ({ ratios }) => ratios.quoteToHello },
  { what: 'quotes to a signed hello, where the acquirer is asked',         of: ({ ratios }) => ratios.askedQuoteToHello },
  { what: 'payments a second',                        least: 500,          of: ({ paymentsPerSecond }) => paymentsPerSecond },
  { what: 'CPU of all gateway processes for a payment', most: 2, unit: 'ms', of: ({ perPayment }) => perPayment.cpuMicros / 1_000 },
  { what: 'payments of the others, while 5 % of the calls go to a silent member', least: 0.9, of: (_, { besideSilent }) => besideSilent },
  { what: 'dollars for a million payments, at list prices', most: 12,      of: ({ perPayment }) => perPayment.usdPerMillion },
  { what: 'rows written for a payment',               most: 6,             of: ({ perPayment }) => perPayment.rowsWritten },
  { what: 'flushes of the disk for a payment, saturated (256 connections)', most: 0.5, of: (_, { saturatedFlushes }) => saturatedFlushes },
]

/** @returns every target in the order it is told, met or not; what has no target is there to be compared with. */
export const judge = (figures: Figures, beside: Beside): readonly Judged[] =>
  targets.map(({ what, most = Infinity, least = 0, unit = '', of }) => {
    const measured = of(figures, beside)
    const isMet = measured !== null && measured <= most && measured >= least
    const bound = most < Infinity ? `≤ ${most}` : least > 0 ? `≥ ${least}` : ''
    return { what, target: withUnit(bound, unit), measured, unit, isMet }
  })

/** As people read it: two digits of what is small, one of what is not, none of hundreds. */
export function told({ measured, unit }: Judged): string {
  if (measured === null) return 'not measured'
  const digits = measured < 1 ? 2 : measured < 100 ? 1 : 0
  return withUnit(measured.toFixed(digits), unit)
}

/** What is said of a target beside the figure. */
export const verdictOf = ({ target, measured, isMet }: Judged): string =>
  target === '' || measured === null ? '' : isMet ? 'met' : 'missed'

const withUnit = (text: string, unit: string) => (text === '' ? '' : `${text} ${unit}`.trim())
