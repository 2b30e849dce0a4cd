/** The part of OpenAPI 3.1 that our document uses. */

export interface Document {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  /** What the gateway asks of members. */
  readonly webhooks?: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> }
}

export interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content?: Content }
  readonly responses?: Readonly<Record<string, Answer>>
}

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema?: Schema
}

export interface Answer {
  readonly description?: string
  /** Of a refusal: the codes that it may have. */
  readonly 'x-codes'?: readonly string[]
  readonly content?: Content
}

export type Content = Readonly<Record<string, { readonly schema?: Schema }>>

export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly additionalProperties?: boolean | Schema
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
  readonly example?: unknown
  readonly examples?: readonly unknown[]
}

export interface Call extends Operation {
  readonly id: string
  readonly method: string
  readonly path: string
}

/** Every call in the order of the document, each with a name that an address can point to. */
export const callsOf = ({ paths }: Document): readonly Call[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      id: `${method}${path.replace(/[^a-z0-9]+/gi, '-')}`.replace(/-$/, '').toLowerCase(),
      method: method.toUpperCase(),
      path,
    })),
  )

/** What members are asked, in the same form: the name stands for the address, which is each member's own. */
export const askedOf = ({ webhooks = {} }: Document): readonly Call[] =>
  Object.entries(webhooks).flatMap(([name, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      id: `asked-${name}`,
      method: method.toUpperCase(),
      path: name,
    })),
  )

/** `#/components/schemas/Money` as `Money`. */
export const nameOf = ($ref: string): string => $ref.slice($ref.lastIndexOf('/') + 1)
