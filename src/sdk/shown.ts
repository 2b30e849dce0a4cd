/** What of a quote its payer sees and says yes to. */
import type { Quote } from '../wire/payment.ts'

type Shown = Pick<Quote, 'merchant' | 'payer' | 'payee' | 'rate' | 'fees' | 'scenario' | 'family'>

/** Who gets it, what they get, what the payer pays, at which rate and with which fees: all that a screen shows. */
export const isSameForPayer = (one: Shown, other: Shown): boolean => seen(one) === seen(other)

const seen = ({ merchant, payer, payee, rate, fees, scenario, family }: Shown): string =>
  JSON.stringify([merchant, payer, payee, rate?.value ?? null, fees, scenario, family].map(ordered))

/** The same whatever the order of fields. */
const ordered = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
