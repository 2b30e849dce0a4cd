/** Reads any payment code. */
import type { CodeReading } from './code.ts'
import { readMpm } from './mpm.ts'
import { Draft } from './reading.ts'

/** Bodies of the gateway are bounded by the same number. */
const LENGTH_MAX = 65_536

/**
 * What a payload says: never throws, never calls out, and takes time linear in its length.
 * Its errors and warnings are the closed lists of `code.ts`.
 */
export function readCode(payload: string): CodeReading {
  if (payload.length > LENGTH_MAX) return refused('too-long')
  const text = payload.trim()
  if (text === '') return refused('empty')
  const reading = text.startsWith('00') ? readMpm(text) : refused('unknown-code')
  if (text !== payload) reading.warn('surrounding-space')
  return reading
}

function refused(code: 'too-long' | 'empty' | 'unknown-code'): Draft {
  const draft = new Draft('other')
  draft.refuse(code)
  return draft
}
