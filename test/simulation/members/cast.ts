/** Who takes part: two wallets at home in two centers, every scheme of the box, and one corridor that may be closed. */
import { CONSUMER_FAMILY } from '../../../src/domain/consumer-code.ts'
import { type Directory, type DirectoryRows, directoryOf } from '../../../src/domain/directory.ts'
import type { Epoch } from '../../../src/domain/institution.ts'
import { acquirers, providers, wallets } from '../../../src/members/cast.ts'
import { corridors as terms } from '../../../src/members/corridors.ts'
import { ratesAt } from '../../../src/members/rates.ts'

export const centers = [
  { number: 1, id: 'hk', locationHint: 'apac-ne' },
  { number: 2, id: 'sg', locationHint: 'apac-se' },
] as const

/** Where limits are played there is one more, to which lanes move and which lends by itself. */
export const limitedCenters = [...centers, { number: 3, id: 'fra', locationHint: 'weur' }] as const

export const payers = wallets.filter(({ id }) => id === 'wallet-cn' || id === 'wallet-th')

/** Those whose tills also scan. */
export const chargers = ['acquirer-cn', 'acquirer-th'] as const

/** Under which the gateway issues consumer codes. */
const prefixes = payers.map(({ id }, index) => ({
  family: CONSUMER_FAMILY,
  market: null,
  key: `99760${index + 1}`,
  institution: id,
  rank: 1,
}))

/** The one that operators close at times. */
export const CLOSED = 'TH>CN'

/** A code as it hangs on a counter or shows on a screen, and what its acquirer knows about it. */
export interface Till {
  readonly acquirer: string
  readonly code: string
  readonly merchant: {
    readonly id: string
    readonly name: string
    readonly city: string
    readonly mcc: string
    readonly country: string
  }
  readonly currency: string
  /** Minor units; null where the payer types it. */
  readonly minor: string | null
  readonly refuses: string | null
}

export const tills: readonly Till[] = acquirers.flatMap(
  ({ id, market, currencies, exponent, merchants }) =>
    merchants.flatMap(({ id: merchantId, name, city, mcc, refuses, ...shop }) => {
      const merchant = { id: merchantId, name, city, mcc, country: market }
      const minor = `${Math.round(Number(shop.dynamicAmount) * 10 ** exponent)}`
      const till = { acquirer: id, merchant, currency: currencies[0], refuses: refuses ?? null }
      return [
        { ...till, code: shop.staticCode, minor: null },
        { ...till, code: shop.dynamicCode, minor },
      ]
    }),
)

/** Takes the money at once instead of holding it. */
const DEBITS = 'wallet-th'
export const debits = (wallet: string): boolean => wallet === DEBITS
/** Credits at once, and can undo nothing. */
const SINGLE_PHASE = 'acquirer-id'
export const isSinglePhase = (acquirer: string): boolean => acquirer === SINGLE_PHASE

const profileOf = (id: string) =>
  debits(id) ? ('debit' as const) : isSinglePhase(id) ? ('single_phase' as const) : null

export const keyOf = (institution: string): string => `${institution}-1`

export interface Directories {
  readonly open: Directory
  /** The same with the one corridor closed. */
  readonly closed: Directory
}

/** @param movesAt when the second wallet's lanes move to the other center and become more */
export function directories(movesAt: number): Directories {
  const rows = rowsOf(movesAt)
  const closing = { subject: 'corridor', name: CLOSED, reason: 'drill', until: null } as const
  return { open: directoryOf(rows), closed: directoryOf({ ...rows, switches: [closing] }) }
}

/** The directory's rows before anybody changes them. */
export function rowsOf(movesAt: number): DirectoryRows {
  const institutions = [...wallets, ...acquirers, ...providers].map(
    ({ id, number, name, role, market, currencies, zone }) => ({
      ...{ id, number, name, role, market, currencies, zone },
      status: 'active' as const,
      profile: profileOf(id),
      endpoint: role === 'provider' ? null : `https://${id}.example`,
    }),
  )
  const epochs: Epoch[] = [
    { institution: 'wallet-cn', epoch: 1, from: 0, center: 'hk', lanes: 2 },
    { institution: 'wallet-th', epoch: 1, from: 0, center: 'sg', lanes: 1 },
    { institution: 'acquirer-cn', epoch: 1, from: 0, center: 'hk', lanes: 1 },
    { institution: 'acquirer-th', epoch: 1, from: 0, center: 'sg', lanes: 1 },
    { institution: 'wallet-th', epoch: 2, from: movesAt, center: 'hk', lanes: 2 },
  ]
  const routes = [...acquirers.flatMap(entry => entry.routes), ...prefixes]
  // Rates age in the directory's own tests; here everything else is old, too.
  const rates = ratesAt(0, Number.MAX_SAFE_INTEGER)
  // Every wallet may take back what is committed, because that is where more can go wrong.
  const corridors = terms.map(row => ({ ...row, walletCancelMinutes: 1_440 }))
  const known = { institutions, epochs, routes, corridors, rates }
  return { version: 1, centers, keys: [], switches: [], ...known }
}
