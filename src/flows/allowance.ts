/** Allowances of persons: taken beside the opening of a payment, counted down whenever less of it stands. */
import { type Allowance, personObject } from '../domain/allowance.ts'
import { allowanceLeft } from '../domain/allowance-left.ts'
import type { Spent } from '../domain/allowance-take.ts'
import type { Duty } from '../domain/duty.ts'
import type { Payment, Verdict } from '../domain/payment.ts'
import type { World } from './world.ts'

/** What the person's object has said: yes, by a claim of this number; no; or nothing in time. */
export type Claimed = { readonly claim: number } | 'refused' | 'unknown'

/** Clocks differ, and a request may still be on its way when its quote ends. */
const AFTER_QUOTE_MS = 60_000

const personOf = (world: World, { center, token, year }: Allowance) =>
  world.person(center, personObject({ token, year }))

const wantedOf = (payment: string, { token: person, pool, minor }: Allowance) => ({
  payment,
  person,
  pool,
  minor,
})

/** Takes of the payer's allowance for a payment that is being opened. Never rejects. */
export async function claimAllowance(
  paymentId: string,
  { allowance, cap }: Spent,
  quoteEndsAt: number,
  world: World,
): Promise<Claimed> {
  const askAt = quoteEndsAt + AFTER_QUOTE_MS
  try {
    const wanted = { ...wantedOf(paymentId, allowance), cap, askAt }
    const said = await personOf(world, allowance).take(wanted)
    return said.ok ? { claim: said.value } : 'refused'
  } catch (error) {
    const { center } = allowance
    world.log({ log: 'person', payment: paymentId, center, failed: String(error) })
    return 'unknown'
  }
}

/**
 * Nothing was opened by the claim: there is no payment, or another attempt has opened it.
 *
 * @param found the payment as it is, null where the lane refused to open it
 */
export async function dropClaim(
  paymentId: string,
  { allowance }: Spent,
  claimed: Claimed,
  found: Payment | null,
  world: World,
): Promise<void> {
  if (typeof claimed === 'string') return
  const person = personOf(world, allowance)
  const left = found === null ? 0n : allowanceLeft(found)
  // It may be that very attempt, whose first answer was lost on the way; one claim more takes nothing more.
  const isSame = left > 0n && found?.allowance !== undefined && isIn(found.allowance, allowance)
  await (isSame ? person.lower(paymentId, left) : person.drop(paymentId, claimed.claim))
}

/** Whether both count against the same allowance; a payment that is sent again after new year still counts in the old one. */
const isIn = (one: Allowance, other: Allowance): boolean =>
  one.token === other.token && one.pool === other.pool && one.year === other.year

/** What an allowance that does not allow it says to the lane; null where the payment goes on. */
export function notAllowed(
  claimed: Claimed,
  { isKnown, resetsAt, goesOn }: Allowance,
): Verdict | null {
  if (typeof claimed === 'object' || (claimed === 'unknown' && goesOn)) return null
  if (claimed === 'unknown') {
    return { said: 'not_allowed', code: 'ALLOWANCE_UNKNOWN', resetsAt: null }
  }
  // Whoever is known by a document may pay more, so that is what helps first.
  const code = isKnown ? 'LIMIT_PERSON' : 'LIMIT_ID_REQUIRED'
  return { said: 'not_allowed', code, resetsAt }
}

/** Tells the payer's allowance what the payment takes of it now. Throws where it cannot be told. */
export async function tellAllowance(payment: Payment, { kind }: Duty, world: World): Promise<void> {
  const { allowance, terms } = payment
  if (allowance === undefined) return
  const person = personOf(world, allowance)
  const left = allowanceLeft(payment)
  if (kind === 'count_allowance' && left > 0n) {
    // What its lane says a little later counts, because the payment may just be on its way back.
    const askAt = world.now() + AFTER_QUOTE_MS
    await person.take({ ...wantedOf(terms.paymentId, allowance), cap: null, askAt })
    return
  }
  await person.lower(terms.paymentId, left)
}
