/** From the wire's shapes to the domain's values; the schemas have already said that they are well formed. */
import type { Money } from '../domain/money.ts'
import type { WireMoney } from './money.ts'

export const moneyOf = ({ currency, minor }: WireMoney): Money => ({
  currency,
  minor: BigInt(minor),
})
