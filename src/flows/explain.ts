/** Explain: what a code is, where it would go, and whether this wallet could pay it now. Nobody is asked, nothing is written. */
import { type Explanation, explainCode, type LimitTerm } from '../codes/explain.ts'
import { readCode } from '../codes/read.ts'
import { admit } from '../domain/admission.ts'
import { type Corridor, type Scenario, scenarioOf } from '../domain/corridor.ts'
import { currencyByCode } from '../domain/currency.ts'
import { marketOf } from '../domain/directory.ts'
import type { Institution } from '../domain/institution.ts'
import { type Price, price } from '../domain/quote.ts'
import type { Refusal } from '../domain/refusal.ts'
import { ok, type Result } from '../domain/result.ts'
import { type Target, targetOfLink } from './order.ts'
import { targetOfCode } from './resolve.ts'
import type { EdgeWorld } from './world.ts'

export interface ExplainedCode {
  readonly explanation: Explanation
  /** What the gateway's own order link leads to; null for every other code, which the explanation speaks of. */
  readonly order: Target | null
  /** The corridor from the wallet's market to that of the institution that owns the code; null when there is none. */
  readonly corridor: { readonly terms: Corridor; readonly scenario: Scenario } | null
  /** What a quote would be refused with at this moment; null when it would be asked for. */
  readonly refusal: Refusal | null
  /** What it would cost at this moment, where the code fixes an amount. Binds nobody. */
  readonly estimate: Price | null
  /** Milliseconds since 1970. */
  readonly at: number
}

export async function explain(
  wallet: Institution,
  code: string,
  world: EdgeWorld,
): Promise<ExplainedCode> {
  const { directory } = world
  const at = world.now()
  const linked = await targetOfLink(code, world)
  const found = linked ?? targetOfCode(code, world)
  const terms = found.ok
    ? directory.corridor(wallet.market, found.value.acquirer.market)
    : undefined
  const reading = readCode(code)
  const explanation = explainCode(reading, {
    nowMs: at,
    routes: directory.routes,
    isOpen: id => directory.isOpen(id, at),
    corridor: terms === undefined ? null : termsOf(terms, reading.currency),
  })
  const priced = found.ok ? priceNow(wallet, found.value, world, at) : found
  return {
    explanation,
    order: linked?.ok ? linked.value : null,
    corridor:
      terms === undefined
        ? null
        : { terms, scenario: scenarioOf(wallet.market, terms.payeeMarket) },
    refusal: priced.ok ? null : priced.refusal,
    estimate: priced.ok ? priced.value : null,
    at,
  }
}

/** What a quote would meet before the acquirer is asked. Without an amount the payer types one, and the quote judges it. */
function priceNow(
  wallet: Institution,
  { acquirer, family, currency, amountMinor }: Target,
  { directory }: EdgeWorld,
  at: number,
): Result<Price | null> {
  const admitted = admit(wallet, acquirer, family, directory, at)
  if (!admitted.ok) return admitted
  const payee = currencyByCode(currency ?? '')
  const payer = currencyByCode(wallet.currencies[0] ?? '')
  if (amountMinor === null || payee === undefined || payer === undefined) return ok(null)
  return price(
    { currency: payee.code, minor: amountMinor },
    'payee',
    payee,
    payer,
    admitted.value,
    marketOf(directory, payee, payer, at),
  )
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
