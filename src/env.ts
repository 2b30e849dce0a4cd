/** The bindings of both Workers, as wrangler.toml declares them, and the secrets they are deployed with. */

interface Secrets {
  /** The gateway's own key pairs (`StoredKeyPair[]` as JSON): the first one signs, all are published. */
  readonly GATEWAY_KEYS: string
}

interface Shared extends Secrets {
  /** `sandbox` allows endpoints on loopback; nothing else may. */
  readonly ENVIRONMENT: 'production' | 'sandbox'
  readonly DIRECTORY: D1Database
}

export interface SentinelBindings {
  readonly SENTINEL_HK: DurableObjectNamespace
  readonly SENTINEL_SG: DurableObjectNamespace
  readonly SENTINEL_FRA: DurableObjectNamespace
}

export interface EdgeEnv extends Shared, SentinelBindings {
  /** Keys that seal quotes: `{ "id": "base64 of 32 bytes" }`, the first one seals. */
  readonly SEAL_KEYS: string
  /** Keys of payers' tokens: `{ "2026": "base64 of 32 bytes" }`, each used from that year on. */
  readonly PERSON_KEYS: string
  /** The identity service of the staff, its applications' audience tags (separated by spaces), and who has which role. */
  readonly ACCESS_ISSUER: string
  readonly ACCESS_AUDIENCE: string
  readonly ACCESS_GRANTS: string
  readonly LANE_HK: DurableObjectNamespace
  readonly LANE_SG: DurableObjectNamespace
  readonly LANE_FRA: DurableObjectNamespace
  readonly CODEBOOK_HK: DurableObjectNamespace
  readonly CODEBOOK_SG: DurableObjectNamespace
  readonly CODEBOOK_FRA: DurableObjectNamespace
  readonly MONITOR_HK: DurableObjectNamespace
  readonly MONITOR_SG: DurableObjectNamespace
  readonly MONITOR_FRA: DurableObjectNamespace
  readonly PERSON_HK: DurableObjectNamespace
  readonly PERSON_SG: DurableObjectNamespace
  readonly PERSON_FRA: DurableObjectNamespace
  readonly INSTITUTION_HK: DurableObjectNamespace
  readonly INSTITUTION_SG: DurableObjectNamespace
  readonly INSTITUTION_FRA: DurableObjectNamespace
  readonly DB_HK: D1Database
  readonly DB_SG: D1Database
  readonly DB_FRA: D1Database
  /** The pages for people, built by `npm run build:pages`. */
  readonly PAGES: Fetcher
}

export interface CenterEnv extends Shared, SentinelBindings {
  readonly CENTER: string
  /** Endpoints that hear of alerts: a JSON list of URLs. */
  readonly ALERT_WEBHOOKS: string
  readonly LANE: DurableObjectNamespace
  readonly CODEBOOK: DurableObjectNamespace
  readonly MONITOR: DurableObjectNamespace
  readonly INSTITUTION: DurableObjectNamespace
  readonly PERSON: DurableObjectNamespace
  /** Objects in the other centers; a center has no binding to itself by its own name. */
  readonly INSTITUTION_HK?: DurableObjectNamespace
  readonly INSTITUTION_SG?: DurableObjectNamespace
  readonly INSTITUTION_FRA?: DurableObjectNamespace
  readonly PERSON_HK?: DurableObjectNamespace
  readonly PERSON_SG?: DurableObjectNamespace
  readonly PERSON_FRA?: DurableObjectNamespace
  readonly LANE_HK?: DurableObjectNamespace
  readonly LANE_SG?: DurableObjectNamespace
  readonly LANE_FRA?: DurableObjectNamespace
  readonly DB: D1Database
  /** The database of another center, which keeps this one's anchors. */
  readonly WITNESS: D1Database
  readonly EVENTS: Queue<string>
  readonly ARCHIVE: R2Bucket
}

/** The institutions of each center, by its id: as the edge reaches all, and a center the others. */
export const institutionsOf = (
  env: Pick<Partial<EdgeEnv>, 'INSTITUTION_HK' | 'INSTITUTION_SG' | 'INSTITUTION_FRA'>,
): Readonly<Record<string, DurableObjectNamespace | undefined>> => ({
  hk: env.INSTITUTION_HK,
  sg: env.INSTITUTION_SG,
  fra: env.INSTITUTION_FRA,
})

/** The persons of each center, by its id: as the edge reaches all, and a center the others and its own. */
export const personsFrom = (
  env: Pick<Partial<EdgeEnv>, 'PERSON_HK' | 'PERSON_SG' | 'PERSON_FRA'> & Partial<CenterEnv>,
): Readonly<Record<string, DurableObjectNamespace | undefined>> => ({
  hk: env.PERSON_HK,
  sg: env.PERSON_SG,
  fra: env.PERSON_FRA,
  ...(env.CENTER === undefined ? {} : { [env.CENTER]: env.PERSON }),
})

/** The lanes of each center, by its id, as a center reaches them. */
export const lanesFrom = (
  env: CenterEnv,
): Readonly<Record<string, DurableObjectNamespace | undefined>> => ({
  hk: env.LANE_HK,
  sg: env.LANE_SG,
  fra: env.LANE_FRA,
  [env.CENTER]: env.LANE,
})
