/**
 * Values as JSON and back, amounts included. JSON has no big integers, so `minor` — and nothing else in the
 * whole code is called that — travels as digits.
 */

export const packJson = (value: unknown): string =>
  JSON.stringify(value, (_key, field) => (typeof field === 'bigint' ? field.toString() : field))

/** The caller vouches for the shape: this is for what we packed ourselves, never for a member's words. */
export const unpackJson = <T>(text: string): T =>
  JSON.parse(text, (key, field) => (key === 'minor' ? BigInt(field) : field))
