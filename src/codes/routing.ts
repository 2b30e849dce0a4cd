/** From a reading to the institution that owns the code, by the directory's routes. */
import type { CodeReading } from './code.ts'

export interface RoutingKey {
  readonly family: string
  /** `*` when only a directory can tell whose the code is. */
  readonly key: string
}

export interface CodeRoute {
  readonly family: string
  /** ISO 3166-1 alpha-2; null for every market. */
  readonly market: string | null
  /** Beginning of the institution key; `*` for all codes of the family. */
  readonly key: string
  readonly institution: string
  /** Among equally specific routes the lower goes first. */
  readonly rank: number
}

export interface RouteCandidate {
  readonly route: CodeRoute
  readonly verdict: 'chosen' | 'possible' | 'refused'
  readonly reason: CandidateReason
}

export interface RouteDecision {
  readonly chosen: CodeRoute | null
  readonly reason: RouteReason
  /** In the order in which they were considered. */
  readonly candidates: readonly RouteCandidate[]
}

// biome-ignore format: a table is read by column
export const candidateReasons = {
  'most-specific': 'Its key fits the code most closely.',
  'better-rank':   'Among routes that fit equally, it ranks first.',
  'only-one':      'It is the only route for the code.',
  'less-specific': 'Another route fits more closely.',
  'lower-rank':    'Another route fits equally and ranks before it.',
  'other-family':  'The code’s better family has a route.',
  'suspended':     'The institution is suspended.',
} as const
export type CandidateReason = keyof typeof candidateReasons

// biome-ignore format: a table is read by column
export const routeReasons = {
  'routed':         'One institution owns the code.',
  'not-valid':      'The code is not valid.',
  'not-payable':    'The code does not ask for money.',
  'no-route':       'No institution of the network serves this code.',
  'all-suspended':  'Every institution that serves this code is suspended.',
} as const
export type RouteReason = keyof typeof routeReasons

/** What the directory is asked for, best family first. */
export const routingKeys = (reading: CodeReading): readonly RoutingKey[] =>
  reading.families.map(({ id, institutionKey }) => ({ family: id, key: institutionKey ?? '*' }))

/**
 * Best family first, then the most specific key, then a route of this market before one of all
 * markets, then the lower rank, then the institution's name so that equal routes never flap.
 */
export function routeCode(
  reading: CodeReading,
  routes: readonly CodeRoute[],
  isOpen: (institution: string) => boolean,
): RouteDecision {
  if (!reading.valid) return { chosen: null, reason: 'not-valid', candidates: [] }
  if (!reading.payable) return { chosen: null, reason: 'not-payable', candidates: [] }
  const fitting = routingKeys(reading).flatMap((wanted, place) =>
    routes.filter(route => serves(route, wanted, reading.country)).map(route => ({ route, place })),
  )
  fitting.sort((one, other) => one.place - other.place || byCloseness(one.route, other.route))
  const winner = fitting.find(({ route }) => isOpen(route.institution))
  const candidates = fitting.map(each => {
    if (each === winner) return chosenBecause(each, fitting)
    return passedOver(each, winner, isOpen)
  })
  if (winner !== undefined) return { chosen: winner.route, reason: 'routed', candidates }
  return { chosen: null, reason: fitting.length === 0 ? 'no-route' : 'all-suspended', candidates }
}

interface Fitting {
  readonly route: CodeRoute
  /** Place of the route's family among those of the code. */
  readonly place: number
}

function serves(route: CodeRoute, wanted: RoutingKey, country: string | null): boolean {
  if (route.family !== wanted.family) return false
  if (route.market !== null && route.market !== country) return false
  return keyFits(route.key, wanted.key)
}

/** A route's key is the beginning of the keys it serves, without regard to case. */
export const keyFits = (served: string, wanted: string): boolean =>
  served === '*' || sameCase(wanted).startsWith(sameCase(served))

const sameCase = (key: string): string => key.toUpperCase()

const closeness = (route: CodeRoute): number => (route.key === '*' ? 0 : route.key.length)

const byCloseness = (one: CodeRoute, other: CodeRoute): number =>
  closeness(other) - closeness(one) ||
  Number(one.market === null) - Number(other.market === null) ||
  one.rank - other.rank ||
  (one.institution < other.institution ? -1 : 1)

function chosenBecause(winner: Fitting, fitting: readonly Fitting[]): RouteCandidate {
  const rivals = fitting.filter(each => each !== winner && each.place === winner.place)
  const equal = rivals.some(({ route }) => closeness(route) === closeness(winner.route))
  const reason = fitting.length === 1 ? 'only-one' : equal ? 'better-rank' : 'most-specific'
  return { route: winner.route, verdict: 'chosen', reason }
}

function passedOver(
  { route, place }: Fitting,
  winner: Fitting | undefined,
  isOpen: (institution: string) => boolean,
): RouteCandidate {
  if (!isOpen(route.institution)) return { route, verdict: 'refused', reason: 'suspended' }
  if (winner !== undefined && place !== winner.place) {
    return { route, verdict: 'possible', reason: 'other-family' }
  }
  const equal = winner !== undefined && closeness(route) === closeness(winner.route)
  return { route, verdict: 'possible', reason: equal ? 'lower-rank' : 'less-specific' }
}
