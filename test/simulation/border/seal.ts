/** Stands for `src/trust/seal.ts`: what was not sealed here, or was changed since, does not open. Nothing is hidden. */
import { packJson, unpackJson } from '../../../src/domain/pack.ts'
import type { Terms } from '../../../src/domain/quote.ts'
import { markOf } from './mark.ts'

export const sealKeys = (): object => ({})

export function seal(terms: Terms): Promise<string> {
  const text = packJson(terms)
  return Promise.resolve(`${markOf(text)}.${text}`)
}

export function unseal(token: string): Promise<Terms | null> {
  const text = token.slice(token.indexOf('.') + 1)
  const holds = token === `${markOf(text)}.${text}`
  return Promise.resolve(holds ? unpackJson<Terms>(text) : null)
}
