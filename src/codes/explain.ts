/**
 * Explains a code to a person: what it is, where it would go and why, and whether this payer could
 * pay now.
 */
import type { CodeReading } from './code.ts'
import { type CodeRoute, type RouteDecision, routeCode } from './routing.ts'

export interface ExplainContext {
  readonly nowMs: number
  readonly routes: readonly CodeRoute[]
  readonly isOpen: (institution: string) => boolean
  /**
   * Fees and limits of the payer's corridor to the code's market; null when there is no corridor.
   */
  readonly corridor: CorridorTerms | null
}

export interface CorridorTerms {
  readonly fees: readonly FeeTerm[]
  readonly limits: readonly LimitTerm[]
}

export interface FeeTerm {
  readonly label: string
  /** Basis points of the amount, 0 to 10 000. */
  readonly rateBp: number
  /** Minor units of `currency`. */
  readonly fixedMinor: bigint
  readonly currency: string
}

/**
 * A limit on one payment, in minor units of its currency; applies when the code is in that
 * currency.
 */
export interface LimitTerm {
  readonly label: string
  readonly minMinor: bigint | null
  readonly maxMinor: bigint | null
  readonly currency: string
}

export interface Explanation {
  readonly reading: CodeReading
  readonly route: RouteDecision
  readonly corridor: CorridorTerms | null
  readonly canPay: boolean
  /** Everything against paying; empty exactly when `canPay`. */
  readonly obstacles: readonly Obstacle[]
}

// biome-ignore format: a table is read by column
export const obstacles = {
  'not-valid':        'The code is not valid.',
  'not-payable':      'The code does not ask for money.',
  'expired':          'The code has expired.',
  'no-route':         'No institution of the network serves this code.',
  'suspended':        'Every institution that serves this code is suspended.',
  'no-corridor':      'There is no corridor from the payer’s market to this one.',
  'below-limit':      'The amount is below the smallest that may be paid.',
  'above-limit':      'The amount is above the largest that may be paid.',
} as const
export type Obstacle = keyof typeof obstacles

export function explainCode(reading: CodeReading, context: ExplainContext): Explanation {
  const route = routeCode(reading, context.routes, context.isOpen)
  const against = [
    ...codeObstacles(reading, context.nowMs),
    ...routeObstacles(route),
    ...corridorObstacles(reading, context.corridor),
  ]
  return {
    reading,
    route,
    corridor: context.corridor,
    canPay: against.length === 0,
    obstacles: against,
  }
}

function codeObstacles(reading: CodeReading, nowMs: number): Obstacle[] {
  if (!reading.valid) return ['not-valid']
  if (!reading.payable) return ['not-payable']
  return reading.expiresAtMs !== null && nowMs > reading.expiresAtMs ? ['expired'] : []
}

function routeObstacles({ reason }: RouteDecision): Obstacle[] {
  if (reason === 'no-route') return ['no-route']
  return reason === 'all-suspended' ? ['suspended'] : []
}

/** Without an amount in the code, the payer types one, and the quote checks it. */
function corridorObstacles(reading: CodeReading, corridor: CorridorTerms | null): Obstacle[] {
  if (corridor === null) return ['no-corridor']
  const { amountMinor, currency } = reading
  if (amountMinor === null) return []
  const found = new Set<Obstacle>()
  for (const limit of corridor.limits) {
    if (limit.currency !== currency) continue
    if (limit.minMinor !== null && amountMinor < limit.minMinor) found.add('below-limit')
    if (limit.maxMinor !== null && amountMinor > limit.maxMinor) found.add('above-limit')
  }
  return [...found]
}
