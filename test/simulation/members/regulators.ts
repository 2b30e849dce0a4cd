/**
 * What regulators do where limits are played: draw lines for what one person may pay into a market in a year, in whatever
 * wallet, move them while people pay, and say what becomes of a payment whose payer is not known or cannot be asked about.
 */
import type { AllowanceKind, AllowanceRow } from '../../../src/domain/allowance.ts'
import type { Corridor } from '../../../src/domain/corridor.ts'
import type { FxRate } from '../../../src/domain/fx.ts'
import type { Dice } from '../dice.ts'
import type { Span } from './operators.ts'

/** A row of an allowance, and since when the directory has it. */
export interface PlannedAllowance extends AllowanceRow {
  readonly knownAt: number
}

/** Of all payments, how many come from abroad into such a market, or in such a corridor, roughly. */
// biome-ignore format: a table is read by column
const pools: readonly (readonly [corridor: string, share: number])[] = [
  ['*>CN',  0.15],
  ['*>TH',  0.15],
  ['*>MY',  0.12],
  ['*>ID',  0.15],
  ['TH>CN', 0.15],
]

/** US cents of a usual payment, and persons among whom payments are spread. */
const USUAL = 40_000
const PERSONS = 6
/** A change counts at once, or so much later. */
const NOTICE_MS = 20_000

/** What the box has no rates for: one whole unit costs so many dollars. */
const dollars = { THB: '0.0307', MYR: '0.2371', IDR: '0.0000601' } as const

export const dollarRates: readonly FxRate[] = Object.entries(dollars).map(([base, value]) => ({
  ...{ provider: 'fx-harbour', base, counter: 'USD', value, markupBp: 25 },
  ...{ asOf: 0, goodForMs: Number.MAX_SAFE_INTEGER },
}))

export function planAllowances(dice: Dice, span: Span): readonly PlannedAllowance[] {
  return pools.flatMap((pool, subject) =>
    dice.draw('allowance', subject) < 0.25 ? [] : rowsOf(dice, span, pool, subject),
  )
}

function rowsOf(
  dice: Dice,
  { startsAt, endsAt, payments }: Span,
  [corridor, share]: (typeof pools)[number],
  subject: number,
): PlannedAllowance[] {
  const draw = () => dice.draw('allowance', subject)
  const usual = Math.max((payments * share * USUAL) / PERSONS, USUAL)
  // biome-ignore format: a table is read by column
  const values: readonly (readonly [AllowanceKind, () => number, chance: number])[] = [
    ['single',          () => USUAL * 10 ** (0.9 - 0.9 * draw()), 0.5],
    ['year',            () => usual * 10 ** (0.5 - draw()),       0.9],
    ['year_without_id', () => usual * 10 ** (0.2 - draw()),       0.8],
  ]
  return values.flatMap(([kind, drawn, chance]) => {
    if (draw() >= chance) return []
    const at = () => Math.floor(startsAt + (endsAt - startsAt) * draw())
    const next = () => {
      const value = draw() < 0.15 ? null : BigInt(draw() < 0.1 ? 0 : Math.ceil(drawn()))
      return { corridor, kind, value }
    }
    // Some are introduced only while people pay.
    const first = draw() < 0.15 ? at() : 0
    const begun = { ...next(), value: BigInt(Math.ceil(drawn())), from: first, knownAt: first }
    const changes = Array.from({ length: Math.floor(2.5 * draw()) }, () => {
      const from = at()
      const knownAt =
        draw() < 0.5 ? from : Math.max(startsAt, Math.floor(from - NOTICE_MS * draw()))
      return { ...next(), from, knownAt }
    })
    return [begun, ...changes.filter(({ from }) => from > first)]
  })
}

/** Each corridor's own choice. */
export function choosing(dice: Dice, corridors: readonly Corridor[]): readonly Corridor[] {
  return corridors.map((row, subject) => ({
    ...row,
    whenPersonAway: dice.draw('person away', subject) < 0.6 ? 'refuse' : 'accept',
    whenPersonUnstated: dice.draw('person unstated', subject) < 0.5 ? 'refuse' : 'accept',
  }))
}
