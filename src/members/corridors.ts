/** The corridors of the box: every market pays in every market, at terms like those of real links. */
import type { Corridor } from '../domain/corridor.ts'
import { acquirers, wallets } from './cast.ts'

/** Travellers of the Thai wallet may take a payment in China back for a quarter of an hour, as agreed between the two. */
const REGRETS: Readonly<Record<string, number>> = { 'TH>CN': 15 }
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
      walletCancelMinutes: REGRETS[`${payerMarket}>${payeeMarket}`] ?? 0,
      // Nobody who tries the box out has to make up a person first.
      whenPersonUnstated: 'accept',
      ...(payerMarket === payeeMarket ? AT_HOME : ABROAD),
    }),
  ),
)
