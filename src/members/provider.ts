/** A simulated FX provider: quotes its pairs anew, long before it would have to stand by what is old. */
import { createClient } from '../sdk/index.ts'
import { signingKey } from '../trust/keys.ts'
import { RATE_LIFE_MS, ratesAt } from './rates.ts'
import type { MemberOptions } from './run.ts'

/** How often it quotes. */
const QUOTE_EVERY_MS = RATE_LIFE_MS / 6

export interface RunningProvider {
  readonly id: string
  /** Quotes now. */
  quote(): Promise<void>
  stop(): void
}

export async function startProvider(
  id: string,
  options: Pick<MemberOptions, 'gatewayUrl' | 'gatewayKeys' | 'keyPair' | 'log'>,
): Promise<RunningProvider> {
  const { gatewayUrl: gateway, gatewayKeys, log = () => {} } = options
  const key = await signingKey(options.keyPair)
  const client = createClient({ gateway, institution: id, key, gatewayKeys })
  const quote = async () => {
    const at = Date.now()
    const own = ratesAt(at).filter(({ provider }) => provider === id)
    const taken = await client.quoteRates({
      asOf: new Date(at).toISOString(),
      goodForSeconds: RATE_LIFE_MS / 1_000,
      rates: own.map(({ base, counter, value: mid, markupBp }) => ({
        base,
        counter,
        mid,
        markupBp,
      })),
    })
    log('quoted', taken)
  }
  const timer = setInterval(() => {
    quote().catch((error: unknown) => log('quote failed', { error: String(error) }))
  }, QUOTE_EVERY_MS)
  timer.unref()
  return { id, quote, stop: () => clearInterval(timer) }
}
