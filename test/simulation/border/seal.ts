/** Stands for `src/trust/seal.ts`: what was not sealed here, or was changed since, does not open. Nothing is hidden. */
import { packJson, unpackJson } from '../../../src/domain/pack.ts'
import type { Terms } from '../../../src/domain/quote.ts'
import { markOf } from './mark.ts'

export const sealKeys = (): object => ({})

export const seal = (terms: Terms): Promise<string> => sealValue(terms)
export const unseal = (token: string): Promise<Terms | null> => unsealValue<Terms>(token)

export function sealValue(value: object): Promise<string> {
  const text = packJson(value)
  return Promise.resolve(`${markOf(text)}.${text}`)
}

export function unsealValue<T>(token: string): Promise<T | null> {
  const text = token.slice(token.indexOf('.') + 1)
  const holds = token === `${markOf(text)}.${text}`
  return Promise.resolve(holds ? unpackJson<T>(text) : null)
}
