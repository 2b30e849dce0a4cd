/** Rates of a provider, written into the directory in one go. */
import type { FxRate } from '../domain/fx.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { changeDirectory, readDirectory } from './directory.ts'
import { putRate } from './directory-change.ts'

/** Others change the directory too; then it is tried again. */
const TRIES = 8

/**
 * Takes what is newer than what is there: what was posted first may come last.
 *
 * Refusals: PARAM_ILLEGAL with the fields that no rate can have; BUSY where the directory kept moving.
 *
 * @param now milliseconds since 1970
 */
export async function takeRates(
  database: D1Database,
  offers: readonly FxRate[],
  now: number,
): Promise<Result<{ readonly taken: number; readonly kept: number }>> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { version, rates } = await readDirectory(database)
    const known = new Map(rates.map(rate => [pairOf(rate), rate.asOf]))
    const newer = offers.filter(offer => offer.asOf > (known.get(pairOf(offer)) ?? -1))
    const counts = { taken: newer.length, kept: offers.length - newer.length }
    if (newer.length === 0) return ok(counts)
    const terms = { now, sandbox: false }
    const outcome = await changeDirectory(database, version, newer.map(putRate), terms)
    if (outcome.ok) return ok(counts)
    if (outcome.reason === 'change_invalid') {
      return refuse('PARAM_ILLEGAL', { fields: outcome.fields })
    }
  }
  return refuse('BUSY', { says: 'The directory kept moving.', retryAfterMs: 1_000 })
}

const pairOf = ({ provider, base, counter }: FxRate): string => `${provider} ${base}/${counter}`
