/** Explain: what a code is, where it would go, and whether this wallet could pay it now. Nobody is asked, nothing is written. */
import { type Explanation, explainCode, type LimitTerm } from '../codes/explain.ts'
import { readCode } from '../codes/read.ts'
import { admit } from '../domain/admission.ts'
import { type Corridor, type Scenario, scenarioOf } from '../domain/corridor.ts'
import { currencyByCode } from '../domain/currency.ts'
import type { Institution } from '../domain/institution.ts'
import { type Price, price } from '../domain/quote.ts'
import type { Refusal } from '../domain/refusal.ts'
import { ok, type Result } from '../domain/result.ts'
import { route, unreadable } from './resolve.ts'
import type { EdgeWorld } from './world.ts'

export interface ExplainedCode {
  readonly explanation: Explanation
  /** The corridor from the wallet's market to that of the institution that owns the code; null when there is none. */
  readonly corridor: { readonly terms: Corridor; readonly scenario: Scenario } | null
  /** What a quote would be refused with at this moment; null when it would be asked for. */
  readonly refusal: Refusal | null
  /** What it would cost at this moment, where the code fixes an amount. Binds nobody. */
  readonly estimate: Price | null
  /** Milliseconds since 1970. */
  readonly at: number
}

export function explain(wallet: Institution, code: string, world: EdgeWorld): ExplainedCode {
  const { directory } = world
  const at = world.now()
  const reading = readCode(code)
  const isOpen = (id: string) => directory.isOpen(id, at)
  const explained = (terms: Corridor | null) =>
    explainCode(reading, {
      nowMs: at,
      routes: directory.routes,
      isOpen,
      corridor: terms === null ? null : termsOf(terms, reading.currency),
    })

  const readable = unreadable(reading, at)
  const routed = readable ?? route(reading, world)
  const owner = routed.ok ? directory.institution(routed.value.institution) : undefined
  const terms = owner && directory.corridor(wallet.market, owner.market)
  const corridor =
    terms === undefined ? null : { terms, scenario: scenarioOf(wallet.market, terms.payeeMarket) }

  const priced = (): Result<Price | null> => {
    if (!routed.ok || owner === undefined) return routed.ok ? ok(null) : routed
    const admitted = admit(wallet, owner, routed.value.family, directory, at)
    if (!admitted.ok) return admitted
    const payee = currencyByCode(reading.currency ?? '')
    const payer = currencyByCode(wallet.currencies[0] ?? '')
    // Without an amount the payer types one, and the quote judges it.
    if (reading.amountMinor === null || payee === undefined || payer === undefined) return ok(null)
    const fixed = { currency: payee.code, minor: reading.amountMinor }
    const rates = directory.rates(payee.code, payer.code)
    return price(fixed, 'payee', payee, payer, admitted.value, rates, isOpen)
  }
  const result = priced()
  return {
    explanation: explained(corridor?.terms ?? null),
    corridor,
    refusal: result.ok ? null : result.refusal,
    estimate: result.ok ? result.value : null,
    at,
  }
}

/** A corridor's rules in the words of the code library. Fees are the acquirer's, so the payer meets only the limit. */
function termsOf(
  { interchangeBp, serviceFeeBp, singleMaxMinor }: Corridor,
  currency: string | null,
) {
  const fee = (label: string, rateBp: number) => ({
    label,
    rateBp,
    fixedMinor: 0n,
    currency: currency ?? '',
  })
  const limits: LimitTerm[] =
    singleMaxMinor === null || currency === null
      ? []
      : [{ label: 'single', minMinor: null, maxMinor: singleMaxMinor, currency }]
  return { fees: [fee('interchange', interchangeBp), fee('service', serviceFeeBp)], limits }
}
