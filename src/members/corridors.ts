/** The corridors of the box: every market pays in every market, at terms like those of real links. */
import type { Corridor } from '../domain/corridor.ts'
import { acquirers, wallets } from './cast.ts'

/** Basis points of the payee amount; at home there is less to share. */
const ABROAD = { interchangeBp: 80, serviceFeeBp: 20 }
const AT_HOME = { interchangeBp: 20, serviceFeeBp: 5 }

export const corridors: readonly Corridor[] = wallets.flatMap(({ market: payerMarket }) =>
  acquirers.map(
    ({ market: payeeMarket }): Corridor => ({
      payerMarket,
      payeeMarket,
      status: 'open',
      singleMaxMinor: null,
      ...(payerMarket === payeeMarket ? AT_HOME : ABROAD),
    }),
  ),
)
