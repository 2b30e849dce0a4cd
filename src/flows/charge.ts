/** CPM payment: the till scans, the code is used up, the lane opens, the wallet authorises, the lane decides. */

import { admit } from '../domain/admission.ts'
import { spends } from '../domain/allowance-take.ts'
import { isSameBody } from '../domain/body-hash.ts'
import { payerOf } from '../domain/consumer-code.ts'
import { scenarioOf } from '../domain/corridor.ts'
import { currencyByCode } from '../domain/currency.ts'
import { marketOf } from '../domain/directory.ts'
import { type Evidence, kept } from '../domain/evidence.ts'
import type { Institution, Role } from '../domain/institution.ts'
import type { Reserve } from '../domain/limit.ts'
import { takes } from '../domain/limit-take.ts'
import type { Money } from '../domain/money.ts'
import { NO_HOLD, type Payment } from '../domain/payment.ts'
import { type Merchant, price, QUOTE_LIFE_MS, type Terms } from '../domain/quote.ts'
import type { Refusal } from '../domain/refusal.ts'
import { assert, ok, type Result, refuse } from '../domain/result.ts'
import { authorize } from '../peers/authorize.ts'
import { codeHashOf } from '../trust/digest.ts'
import { readConsumerCode, type Scanned, useScanned } from './consumer-code.ts'
import { atLane, type Route } from './lanes.ts'
import { openAndAsk, unlessBehind, unlessUnsent } from './open.ts'
import type { CodeWorld } from './world.ts'

export interface ChargeOrder {
  readonly requestId: string
  /** Milliseconds since 1970. */
  readonly requestedAt: number
  readonly consumerCode: string
  readonly amount: Money
  readonly merchant: Merchant
  readonly order: string
  readonly bodyHash: string
  /** The acquirer's signature under its request. */
  readonly evidence?: Evidence
}

/** Who may ask a wallet for money: those who serve merchants. */
const mayCharge: readonly Role[] = ['acquirer', 'scheme']

/**
 * Charges a scanned consumer code. The same order again gives the payment as it now is.
 *
 * Refusals: ACCESS_DENIED, PARAM_ILLEGAL, those of `readConsumerCode`, `admit`, `price`, `spends` and the codebook,
 * REPEAT_REQ_INCONSISTENT, CANCELLED, BUSY, LANE_CLOSED, LIMIT_PERIOD, LIMIT_RATE, MEMBER_SUSPENDED, CENTER_UNAVAILABLE.
 */
export async function charge(
  acquirer: Institution,
  order: ChargeOrder,
  world: CodeWorld,
): Promise<Result<Payment>> {
  if (!mayCharge.includes(acquirer.role)) return refuse('ACCESS_DENIED')
  return unlessUnsent(
    unlessBehind(world, seen =>
      atLane(acquirer, order, seen, route => chargeAt(route, acquirer, order, seen)),
    ),
  )
}

async function chargeAt(
  route: Route,
  acquirer: Institution,
  order: ChargeOrder,
  world: CodeWorld,
): Promise<Result<Payment>> {
  const { id: paymentId, lane, known, requestedAt } = route
  const sought = await lane.seek(paymentId, requestedAt, known)
  // Before the code is used up for a payment that could not be opened here.
  if (!sought.ok) return sought
  // A payment that exists is answered as it is, whatever has become of its code and of the corridor.
  if (sought.value !== null) {
    const again = isSameBody(sought.value.bodyHash, order.bodyHash)
    return again ? ok(sought.value) : refuse('REPEAT_REQ_INCONSISTENT')
  }

  const scanned = readConsumerCode(order.consumerCode, world)
  // Another edge may have read the code by other routes, and an earlier attempt may still be on its way to the lane.
  if (!scanned.ok) return maybe(scanned.refusal)
  const wallet = world.directory.institution(scanned.value.wallet)
  assert(wallet !== undefined, `a route leads to ${scanned.value.wallet}, which is no member`)
  const agreed = agree(paymentId, acquirer, wallet, scanned.value, order, world)
  if (!agreed.ok) {
    return maybe(agreed.refusal)
  }
  // Last before the opening, so that a code is not used up by a request that is refused anyway.
  const used = await useScanned(scanned.value, wallet, paymentId, world)
  if (!used.ok) {
    // The wallet's books may have moved since an earlier attempt used the code in one of them, and that attempt may
    // still be on its way to the lane. Whoever else used it, or that it has ended, is known for good.
    return used.refusal.code === 'CODE_INVALID' ? maybe(used.refusal) : used
  }

  const { limits } = agreed.value
  const { reference = null, person = null } = payerOf(used.value.payer)
  const { payee } = agreed.value.terms
  const spent = spends({ wallet, acquirer, payee, person }, world.directory, world.now())
  if (!spent.ok) return maybe(spent.refusal)

  const codeHash = await codeHashOf(scanned.value.token)
  const terms = { ...agreed.value.terms, codeHash, payerReference: reference }
  const consumerCode = scanned.value.isOwn ? order.consumerCode : null
  const { bodyHash, evidence } = order
  const opened = { terms, bodyHash, hold: NO_HOLD, limits, ...kept(evidence) }
  const opening = { kind: 'open', ...opened } as const
  const ask = (payment: Payment) => authorize(wallet, payment, consumerCode, world.peers)
  return openAndAsk(opening, route, { ask, spent: spent.value }, world)
}

/** An earlier attempt may have been let through. */
const maybe = ({ code, detail }: Refusal): Result<never> =>
  refuse(code, { ...detail, undecided: true })

interface Agreed {
  readonly terms: Terms
  readonly limits: readonly Reserve[]
}

/** Refusals: those of `admit` and `takes`, AMOUNT_INVALID, RATE_UNAVAILABLE, RATE_STALE, LIMIT_SINGLE. */
function agree(
  paymentId: string,
  acquirer: Institution,
  wallet: Institution,
  { family }: Scanned,
  { requestId, requestedAt, amount, merchant, order }: ChargeOrder,
  { directory, now }: CodeWorld,
): Result<Agreed> {
  const at = now()
  const admitted = admit(wallet, acquirer, family, directory, at)
  if (!admitted.ok) return admitted
  const payeeCurrency = acquirer.currencies.includes(amount.currency)
    ? currencyByCode(amount.currency)
    : undefined
  const payerCurrency = currencyByCode(wallet.currencies[0] ?? '')
  if (payeeCurrency === undefined || payerCurrency === undefined) return refuse('AMOUNT_INVALID')
  const priced = price(
    amount,
    'payee',
    payeeCurrency,
    payerCurrency,
    admitted.value,
    marketOf(directory, payeeCurrency, payerCurrency, at),
  )
  if (!priced.ok) return priced
  const taken = takes({ wallet, acquirer, ...priced.value }, directory, at)
  if (!taken.ok) return taken
  const terms: Terms = {
    paymentId,
    requestId,
    requestedAt,
    requester: acquirer.id,
    responder: wallet.id,
    presentment: 'cpm',
    scenario: scenarioOf(wallet.market, acquirer.market),
    payerMarket: wallet.market,
    payeeMarket: acquirer.market,
    payeeZone: acquirer.zone,
    ...(wallet.profile === 'debit' ? { walletDebits: true } : {}),
    family,
    ...priced.value,
    merchant,
    order,
    // The rate is taken at this moment and nobody has to think about it.
    expiresAt: at + QUOTE_LIFE_MS,
  }
  return ok({ terms, limits: taken.value })
}
