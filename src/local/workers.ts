/** The gateway's Workers for miniflare: as wrangler.toml declares them, with the box's secrets. */
import { join } from 'node:path'
import type { BoxKeys } from './keys.ts'

export const centers = ['hk', 'sg', 'fra'] as const
export type CenterId = (typeof centers)[number]

export const root = join(import.meta.dirname, '../..')
export const EDGE = 'opencpg-edge'
const PAGES = 'opencpg-pages'

export const nameOf = (center: CenterId) => `opencpg-${center}`

export interface Secrets {
  readonly keys: BoxKeys
  /** The identity service of the staff; left out, nobody gets in. */
  readonly issuer?: { readonly url: string; readonly audience: string }
  /** Endpoints that hear of alerts. */
  readonly alertWebhooks?: readonly string[]
}

/** A Worker as miniflare takes it, with every option of wrangler.toml that it knows. */
export interface WorkerOptions {
  readonly name: string
  readonly compatibilityDate?: unknown
  readonly d1Databases?: unknown
  readonly durableObjects?: Readonly<Record<string, unknown>>
  readonly [option: string]: unknown
}

export interface Workers {
  edge(contents: string): WorkerOptions
  center(id: CenterId, contents: string): WorkerOptions
  /** The pages beside the edge, and the edge's binding to them. */
  readonly pages: WorkerOptions
  readonly pagesBinding: { readonly PAGES: string }
}

export async function workersOf({ keys, issuer, alertWebhooks = [] }: Secrets): Promise<Workers> {
  // Traces and the explorer of local development cost half the speed and nobody looks at them here.
  process.env.X_LOCAL_OBSERVABILITY = 'false'
  process.env.X_LOCAL_EXPLORER = 'false'
  // Bindings differ between edge and centers on purpose; the warning about it is for projects of one kind.
  process.env.WRANGLER_LOG = 'error'
  const { unstable_getMiniflareWorkerOptions: workerOptions } = await import('wrangler')
  const secrets = {
    ENVIRONMENT: 'sandbox',
    GATEWAY_KEYS: JSON.stringify(keys.gateway),
    SEAL_KEYS: JSON.stringify(keys.seals),
    PERSON_KEYS: JSON.stringify(keys.persons),
    ALERT_WEBHOOKS: JSON.stringify(alertWebhooks),
    ...(issuer === undefined
      ? {}
      : { ACCESS_ISSUER: issuer.url, ACCESS_AUDIENCE: issuer.audience }),
  }
  const optionsOf = (environment?: string) =>
    workerOptions(join(root, 'wrangler.toml'), environment).workerOptions
  const worker = (name: string, environment: string | undefined, contents: string) => {
    const { modulesRules: _, assets: __, bindings, ...rest } = optionsOf(environment)
    const bound = { ...(bindings as object), ...secrets }
    return { ...rest, name, modules: moduleOf(contents), bindings: bound } as WorkerOptions
  }
  return {
    edge: contents => worker(EDGE, undefined, contents),
    center: (id, contents) => worker(nameOf(id), id, contents),
    pages: pagesWorker(optionsOf() as object),
    pagesBinding: { PAGES },
  }
}

export const moduleOf = (contents: string) => [
  { type: 'ESModule' as const, path: 'index.js', contents },
]

/**
 * The pages beside the edge instead of before it: miniflare's imitation of the platform's asset servers takes three
 * quarters of the speed of whatever passes through it. The edge asks them for what it does not know itself.
 */
const pagesWorker = (edge: { compatibilityDate?: unknown; assets?: unknown }): WorkerOptions => ({
  name: PAGES,
  compatibilityDate: edge.compatibilityDate,
  assets: edge.assets,
  modules: moduleOf('export default { fetch: () => new Response(null, { status: 404 }) }'),
})
