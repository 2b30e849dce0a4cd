/** Resolve: from the bytes of a scanned code to a binding quote. Nothing is written anywhere. */
import type { CodeReading } from '../codes/code.ts'
import { CODED_MAX, codedOrder } from '../codes/order.ts'
import { readCode } from '../codes/read.ts'
import { routeCode } from '../codes/routing.ts'
import { admit } from '../domain/admission.ts'
import type { Person } from '../domain/allowance.ts'
import { beyondYear, spends } from '../domain/allowance-take.ts'
import { type Corridor, scenarioOf } from '../domain/corridor.ts'
import { currencyByCode } from '../domain/currency.ts'
import { type CodeRoute, marketOf } from '../domain/directory.ts'
import type { Institution } from '../domain/institution.ts'
import { takes } from '../domain/limit-take.ts'
import type { Money } from '../domain/money.ts'
import { type FixedSide, price, QUOTE_LIFE_MS, type Terms } from '../domain/quote.ts'
import { assert, ok, type Result, refuse } from '../domain/result.ts'
import { AWAY_MS } from '../domain/unavailable.ts'
import { inquireOrder, type Order } from '../peers/canonical.ts'
import { codeHashOf } from '../trust/digest.ts'
import { seal } from '../trust/seal.ts'
import { notYetMember, type Route, routeOf } from './lanes.ts'
import { type Target, targetOfLink } from './order.ts'
import type { EdgeWorld } from './world.ts'

export interface QuoteOrder {
  readonly requestId: string
  /** Milliseconds since 1970. */
  readonly requestedAt: number
  readonly code: string
  /** What the payer typed, in the merchant's currency or in the payer's. */
  readonly amount: Money | null
  /** Currency the payer pays in; null for the wallet's own. */
  readonly currency: string | null
  /** Who pays; null or absent where the wallet has not said it. */
  readonly person?: Person | null
}

export interface SealedQuote {
  readonly terms: Terms
  readonly token: string
}

/** The acquirer has this long to say what its code stands for; the whole resolution three seconds. */
const ORDER_MS = 2_000

/**
 * Quotes a scanned code.
 *
 * Refusals: CODE_INVALID, CODE_EXPIRED, CODE_UNSUPPORTED, NO_ROUTE, MEMBER_SUSPENDED, CORRIDOR_CLOSED,
 * RESOLVE_TIMEOUT, PEER_ERROR, the acquirer's own, AMOUNT_MISSING, AMOUNT_MISMATCH, AMOUNT_INVALID,
 * RATE_UNAVAILABLE, RATE_STALE, LIMIT_SINGLE, LIMIT_ID_REQUIRED, LIMIT_PERSON, ALLOWANCE_UNKNOWN, CENTER_UNAVAILABLE.
 */
export async function resolve(
  wallet: Institution,
  order: QuoteOrder,
  world: EdgeWorld,
): Promise<Result<SealedQuote>> {
  const { directory } = world
  const now = world.now()
  const found = (await targetOfLink(order.code, world)) ?? targetOfCode(order.code, world)
  if (!found.ok) return found
  const { acquirer, family, institutionKey } = found.value
  const admitted = admit(wallet, acquirer, family, directory, now)
  if (!admitted.ok) return admitted

  const route = await routeOf(wallet, order, world)
  if (route === undefined) return notYetMember()
  // Nobody should hold money for a payment that cannot be opened.
  if (!(await isReached(route, world))) return refuseAway(route, now)
  const paymentId = route.id
  const stated = statedOrder(found.value, paymentId)
  const inquiry = {
    paymentId,
    code: order.code,
    family,
    institutionKey,
    wallet: wallet.id,
    walletMarket: wallet.market,
  }
  const answered =
    stated === null
      ? await inquireOrder(acquirer, inquiry, now + ORDER_MS, world.peers)
      : ok(stated)
  if (!answered.ok) return answered

  const payerCurrency = currencyOf(wallet, order.currency)
  const payeeCurrency = currencyByCode(answered.value.currency)
  if (payerCurrency === undefined)
    return refuse('AMOUNT_INVALID', { says: notHeld(order.currency) })
  if (payeeCurrency === undefined) return refuse('PEER_ERROR')

  const fixed = fixedAmount(found.value, answered.value, order.amount, payerCurrency.code)
  if (!fixed.ok) return fixed
  const priced = price(
    fixed.value.amount,
    fixed.value.side,
    payeeCurrency,
    payerCurrency,
    admitted.value,
    marketOf(directory, payeeCurrency, payerCurrency, now),
  )
  if (!priced.ok) return priced
  // What its lane has left of a day is known when it is paid; a bound of one payment is known now.
  const taken = takes({ wallet, acquirer, ...priced.value }, directory, now)
  if (!taken.ok) return taken
  const { person = null } = order
  const { payee } = priced.value
  const spent = spends({ wallet, acquirer, payee, person }, directory, now)
  if (!spent.ok) return spent
  const never = spent.value && beyondYear(spent.value)
  if (never !== null) return { ok: false, refusal: never }

  const terms: Terms = {
    paymentId,
    requestId: order.requestId,
    requestedAt: order.requestedAt,
    requester: wallet.id,
    responder: acquirer.id,
    presentment: 'mpm',
    scenario: scenarioOf(wallet.market, acquirer.market),
    payerMarket: wallet.market,
    payeeMarket: acquirer.market,
    payeeZone: acquirer.zone,
    ...(wallet.profile === 'debit' ? { walletDebits: true } : {}),
    ...(acquirer.profile === 'single_phase' ? { singlePhase: true } : {}),
    ...cancelTermsOf(admitted.value),
    family,
    codeHash: await codeHashOf(order.code),
    ...priced.value,
    merchant: answered.value.merchant,
    order: answered.value.order,
    expiresAt: now + QUOTE_LIFE_MS,
  }
  const quoted = {
    ...terms,
    ...(spent.value === null || person === null ? {} : { person }),
    ...(stated === null ? {} : { code: order.code }),
  }
  return ok({ terms, token: await seal(quoted, world.seals) })
}

/** A center that is away may be back; one call in a while finds out, and the others wait for it no longer than nothing. */
async function isReached({ id, center, lane }: Route, world: EdgeWorld): Promise<boolean> {
  if (!world.isAway(center)) return true
  try {
    await lane.read(id)
    return true
  } catch {
    return false
  }
}

/** The next epoch may be elsewhere, so that is when to come again. */
function refuseAway({ known }: Route, now: number): Result<never> {
  const retryAfterMs = known.until === null ? AWAY_MS : Math.max(known.until - now, AWAY_MS)
  return refuse('CENTER_UNAVAILABLE', { notOpened: true, retryAfterMs })
}

/** In the quote, so that the corridor's rule of today holds for what is agreed today. */
const cancelTermsOf = ({ walletCancelMinutes = 0 }: Corridor) =>
  walletCancelMinutes === 0 ? {} : { walletCancelMs: walletCancelMinutes * 60_000 }

/** The order as the code has it, where its acquirer leaves it at that; null where the acquirer is asked. */
function statedOrder({ acquirer, coded, amountMinor }: Target, paymentId: string): Order | null {
  if (acquirer.inquiry !== 'unsaid' || coded === null) return null
  const { merchant, reference, currency } = coded
  if (!acquirer.currencies.includes(currency) || merchant.country !== acquirer.market) return null
  const amount = amountMinor === null ? null : { currency, minor: amountMinor }
  return { merchant, order: reference ?? paymentId, currency, amount }
}

/** Where a code leads that was made elsewhere. */
export function targetOfCode(code: string, world: EdgeWorld): Result<Target> {
  const reading = readCode(code)
  const refused = unreadable(reading, world.now())
  if (refused !== null) return refused
  const routed = route(reading, world)
  if (!routed.ok) return routed
  const { family, institution } = routed.value
  const acquirer = world.directory.institution(institution)
  assert(acquirer !== undefined, `a route leads to ${institution}, which is no member`)
  const read = reading.families.find(({ id }) => id === family)
  return ok({
    acquirer,
    family,
    institutionKey: read?.institutionKey ?? null,
    currency: reading.currency,
    amountMinor: reading.amountMinor,
    coded: read === undefined || code.length > CODED_MAX ? null : codedOrder(reading, read),
  })
}

/** Why a reading cannot be quoted, or null. */
function unreadable(reading: CodeReading, now: number): Result<never> | null {
  if (!reading.valid) {
    const [first] = reading.errors
    const unknown = first?.code === 'unknown-code'
    return refuse(unknown ? 'CODE_UNSUPPORTED' : 'CODE_INVALID', {
      fields: reading.errors.map(error => ({
        pointer: '/code',
        says: error.at === undefined ? error.code : `${error.code} at ${error.at}`,
      })),
    })
  }
  if (!reading.payable || reading.presentment !== 'merchant') return refuse('CODE_UNSUPPORTED')
  const expired = reading.expiresAtMs !== null && now >= reading.expiresAtMs
  return expired ? refuse('CODE_EXPIRED') : null
}

/** The route, or why there is none: a member that is switched off is another matter than none at all. */
function route(reading: CodeReading, { directory, now }: EdgeWorld): Result<CodeRoute> {
  const at = now()
  const decision = routeCode(reading, directory.routes, id => directory.isOpen(id, at))
  if (decision.chosen !== null) return ok(decision.chosen)
  return refuse(decision.candidates.length > 0 ? 'MEMBER_SUSPENDED' : 'NO_ROUTE', {
    says: decision.reason,
  })
}

const currencyOf = (wallet: Institution, asked: string | null) => {
  const code = asked ?? wallet.currencies[0] ?? ''
  return wallet.currencies.includes(code) ? currencyByCode(code) : undefined
}

const notHeld = (currency: string | null) =>
  `${currency ?? 'The currency'} is none that this wallet pays in.`

/**
 * The one amount that is fixed, and on which side. What the acquirer's order says binds; what the code says must
 * agree with it; what the payer typed counts only where neither says anything, and must agree where one does.
 */
function fixedAmount(
  target: Target,
  order: Order,
  typed: Money | null,
  payerCurrency: string,
): Result<{ amount: Money; side: FixedSide }> {
  const { currency } = order
  if (target.currency !== null && target.currency !== currency) return refuse('AMOUNT_MISMATCH')
  const coded = target.amountMinor
  const ordered = order.amount
  if (ordered !== null && ordered.currency !== currency) return refuse('PEER_ERROR')
  if (coded !== null && ordered !== null && coded !== ordered.minor)
    return refuse('AMOUNT_MISMATCH')

  const stated = ordered?.minor ?? coded
  if (stated !== null) {
    const agrees = typed === null || (typed.currency === currency && typed.minor === stated)
    return agrees
      ? ok({ amount: { currency, minor: stated }, side: 'payee' })
      : refuse('AMOUNT_MISMATCH')
  }
  if (typed === null) return refuse('AMOUNT_MISSING')
  if (typed.currency === currency) return ok({ amount: typed, side: 'payee' })
  if (typed.currency === payerCurrency) return ok({ amount: typed, side: 'payer' })
  return refuse('AMOUNT_INVALID', { says: `${typed.currency} is neither side's currency.` })
}
