/**
 * Reads CoDi of Banco de México: JSON whose payload is encrypted for Banxico.
 * Only the type and the payee's device can be read by others.
 */
import type { Family } from './families/row.ts'
import type { Draft } from './reading.ts'

export function readCodi(draft: Draft, row: Family, text: string): void {
  const message = parsed(text)
  const type = memberOf(message, 'TYP')
  const device = memberOf(memberOf(message, 'v'), 'DEV')
  if (message === undefined) draft.refuse('field-malformed')
  if (typeof type !== 'number') draft.refuse('field-malformed')
  if (typeof device !== 'string' || device === '') draft.refuse('payee-missing')
  const fields = {
    ...(typeof type === 'number' ? { type: String(type) } : {}),
    ...(typeof device === 'string' ? { device } : {}),
  }
  draft.addFamily(row, fields, null)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}
