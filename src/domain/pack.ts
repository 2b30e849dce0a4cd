/**
 * Values as JSON and back, amounts included. JSON has no big integers, so `minor` — and nothing else in the
 * whole code is called that — travels as digits.
 */

export const packJson = (value: unknown): string => JSON.stringify(plain(value))

/**
 * The value with digits in the place of big integers, the very same where it holds none: to call back for every field,
 * as JSON does where it is asked to, takes longer. Names are looked at only of what has to be copied.
 */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (!isHolder(value)) return value
  const fields: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  let made: unknown[] | null = null
  for (let place = 0; place < fields.length; place += 1) {
    const field = fields[place]
    if (typeof field !== 'bigint' && !isHolder(field)) continue
    const digits = plain(field)
    if (digits === field) continue
    made ??= [...fields]
    made[place] = digits
  }
  if (made === null) return value
  return Array.isArray(value) ? made : named(Object.keys(value), made)
}

function named(names: readonly string[], fields: readonly unknown[]): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (let place = 0; place < names.length; place += 1) copy[names[place] as string] = fields[place]
  return copy
}

/**
 * The caller vouches for the shape: this is for what we packed ourselves, never for a member's words.
 * Throws for what is no JSON, and for a `minor` that is no integer.
 */
export function unpackJson<T>(text: string): T {
  const value: unknown = JSON.parse(text)
  if (isHolder(value)) makeExact(value)
  return value as T
}

type Holder = readonly unknown[] | { minor?: unknown }

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null

/**
 * Walks by itself, because a reviver makes parsing seven times as slow, and a lane reads a payment at every step.
 * Values and not keys: to look each field up by its name costs more than to parse it.
 */
function makeExact(holder: Holder) {
  const isList = Array.isArray(holder)
  if (!isList && 'minor' in holder) holder.minor = BigInt(holder.minor as string)
  for (const field of isList ? holder : Object.values(holder)) {
    if (isHolder(field)) makeExact(field)
  }
}
