/** Orders: an acquirer's order becomes a link, and a wallet that brings the link is led back to the order. */
import type { CodedOrder } from '../codes/order.ts'
import { currencyByCode } from '../domain/currency.ts'
import type { Institution, Role } from '../domain/institution.ts'
import type { Money } from '../domain/money.ts'
import {
  ORDER_FAMILY,
  ORDER_LIFE_MAX_MS,
  ORDER_LIFE_MS,
  type OrderClaims,
} from '../domain/order.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { sealValue, unsealValue } from '../trust/seal.ts'
import type { EdgeWorld } from './world.ts'

export interface OrderOrder {
  /** The acquirer's own reference; it is asked about under this one. */
  readonly order: string
  readonly amount: Money
  /** Milliseconds since 1970; null for two hours from now. */
  readonly expiresAt: number | null
}

/** Whom a code leads to, and what it says itself. */
export interface Target {
  readonly acquirer: Institution
  readonly family: string
  readonly institutionKey: string | null
  readonly currency: string | null
  readonly amountMinor: bigint | null
  /** What it says of its order, where that is all there is to say; null where its owner must be asked. */
  readonly coded: CodedOrder | null
}

/** The link of an order, on the gateway's own address: whoever opens it in a browser is not led astray. */
const LINK = /^https?:\/\/[^/\s]{1,255}\/o\/([\w-]+(?:\.[\w-]*){4})$/

const mayOrder: readonly Role[] = ['acquirer', 'scheme']

/** Refusals: ACCESS_DENIED, AMOUNT_INVALID, PARAM_ILLEGAL. Nothing is written: the order is the acquirer's. */
export async function createOrder(
  acquirer: Institution,
  { order, amount, expiresAt }: OrderOrder,
  origin: string,
  world: EdgeWorld,
): Promise<Result<{ readonly code: string; readonly expiresAt: number }>> {
  if (!mayOrder.includes(acquirer.role)) return refuse('ACCESS_DENIED')
  const known = currencyByCode(amount.currency) !== undefined
  if (!known || !acquirer.currencies.includes(amount.currency)) return refuse('AMOUNT_INVALID')
  const now = world.now()
  const end = expiresAt ?? now + ORDER_LIFE_MS
  if (end <= now || end > now + ORDER_LIFE_MAX_MS) {
    const says = 'not within 30 days from now'
    return refuse('PARAM_ILLEGAL', { fields: [{ pointer: '/expiresAt', says }] })
  }
  const claims: OrderClaims = { v: 'order', q: acquirer.id, o: order, a: amount, x: end }
  const code = `${origin}/o/${await sealValue(claims, world.seals)}`
  return ok({ code, expiresAt: end })
}

/** Where an order's link leads; null for every other text. Refusals: CODE_INVALID, CODE_EXPIRED. */
export async function targetOfLink(
  code: string,
  { seals, directory, now }: EdgeWorld,
): Promise<Result<Target> | null> {
  const token = LINK.exec(code)?.[1]
  if (token === undefined) return null
  const claims = await unsealValue<OrderClaims>(token, seals)
  const acquirer = claims?.v === 'order' ? directory.institution(claims.q) : undefined
  if (claims === null || acquirer === undefined) return refuse('CODE_INVALID')
  if (now() >= claims.x) return refuse('CODE_EXPIRED')
  return ok({
    acquirer,
    family: ORDER_FAMILY,
    institutionKey: claims.o,
    currency: claims.a.currency,
    amountMinor: claims.a.minor,
    coded: null,
  })
}
