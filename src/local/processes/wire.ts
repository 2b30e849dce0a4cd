/** Calls between the gateway's processes as text: what the platform carries by itself between machines of its own. */

/** A call of an object of another center. */
export interface FarCall {
  /** The center's binding, `LANE`. */
  readonly space: string
  readonly name: string
  readonly method: string
  readonly args: readonly unknown[]
}

export interface FarError {
  readonly message: string
  readonly overloaded: boolean
  readonly retryable: boolean
}

export type FarAnswer = { readonly value: unknown } | { readonly thrown: FarError }

/** Every value that a remote call of ours carries. A list says what JSON cannot; lists themselves are `['l', …]`. */
export const written = (value: unknown): string => JSON.stringify(plain(value))
export const read = (text: string): unknown => made(JSON.parse(text))

function plain(value: unknown): unknown {
  if (value === undefined) return ['u']
  if (typeof value === 'bigint') return ['n', value.toString()]
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return ['l', ...value.map(plain)]
  if (value instanceof Date) return ['d', value.getTime()]
  if (value instanceof Uint8Array) return ['b', btoa(String.fromCharCode(...value))]
  if (value instanceof Map)
    return ['m', ...[...value].map(([key, held]) => [plain(key), plain(held)])]
  if (value instanceof Set) return ['s', ...[...value].map(plain)]
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]))
}

function made(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (!Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, made(field)]))
  }
  const [kind, ...rest] = value
  switch (kind) {
    case 'u':
      return undefined
    case 'n':
      return BigInt(rest[0])
    case 'd':
      return new Date(rest[0])
    case 'b':
      return Uint8Array.from(atob(rest[0]), char => char.charCodeAt(0))
    case 'm':
      return new Map(rest.map(([key, held]) => [made(key), made(held)] as const))
    case 's':
      return new Set(rest.map(made))
    default:
      return rest.map(made)
  }
}
