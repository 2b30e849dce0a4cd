/**
 * Loads the gateway's own modules as they are, but for its border: what only Cloudflare has, and cryptography.
 *
 * Real: the lane with its journal, sequencer and outbox, every flow, the canonical dialect, the domain, the courier,
 * the consumer, the projection. Replaced, with their meaning kept (each file in `border` says how): `cloudflare:workers`,
 * signed HTTP to members, quote seals, receipts, digests, the directory's snapshot, the log. Signatures themselves are
 * therefore not shown here; test/trust and test/stories show them.
 *
 * A mutation replaces one snippet of one real file. A snippet that is not there exactly once fails, so that no
 * mutation goes stale.
 */
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

export interface Patch {
  /** Below the repository's root. */
  readonly file: string
  readonly find: string
  readonly put: string
}

const root = new URL('../../', import.meta.url)
const border = new URL('./border/', import.meta.url).href

const replaced = new Map(
  Object.entries({
    'src/peers/post.ts': 'post.ts',
    'src/trust/seal.ts': 'seal.ts',
    'src/trust/receipt.ts': 'receipt.ts',
    'src/trust/digest.ts': 'digest.ts',
    'src/snapshot.ts': 'snapshot.ts',
    'src/db/directory.ts': 'directory.ts',
    'src/log.ts': 'log.ts',
  }).map(([file, name]) => [new URL(file, root).href, border + name]),
)

/** Must be called before the first module of the gateway is loaded, once in a thread. */
export function hook(patch: Patch | null) {
  const patched = patch === null ? null : pathToFileURL(new URL(patch.file, root).pathname).href
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'cloudflare:workers') {
        return { url: `${border}workers.ts`, shortCircuit: true }
      }
      const found = next(specifier, context)
      const instead = replaced.get(found.url)
      return instead === undefined ? found : { ...found, url: instead }
    },
    load(url, context, next) {
      const loaded = next(url, context)
      if (patch === null || url !== patched) return loaded
      return { ...loaded, source: mutated(String(loaded.source), patch) }
    },
  })
}

export function mutated(source: string, { file, find, put }: Patch): string {
  const parts = source.split(find)
  if (parts.length !== 2) {
    throw new Error(`${file} has ${parts.length - 1} times, not once: ${find}`)
  }
  return parts.join(put)
}
