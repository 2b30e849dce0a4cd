/** A schema as a table of fields; named schemas are said by name and shown once, further down. */
import { el } from '../front/el.ts'
import { nameOf, type Schema } from './document.ts'
import { proseView } from './prose-view.ts'

/** Our schemas nest four levels; anything deeper is a loop. */
const DEPTH_MAX = 6

export function schemaView(schema: Schema, depth = 0): HTMLElement {
  const inner = fieldsOf(schema)
  if (inner === null || depth > DEPTH_MAX) return el('p', { class: 'type' }, typeOf(schema))
  const required = new Set(inner.required ?? [])
  const rows = Object.entries(inner.properties ?? {}).map(([name, field]) =>
    rowOf(name, field, required.has(name), depth),
  )
  return el('ul', { class: 'fields' }, ...rows)
}

function rowOf(name: string, field: Schema, required: boolean, depth: number): HTMLElement {
  const { description, example = field.examples?.[0] } = field
  const nested = fieldsOf(field)
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'field' },
      el('code', { class: 'name' }, name),
      typeView(field),
      required ? null : el('span', { class: 'optional' }, 'optional'),
    ),
    proseView(description),
    limitsOf(field),
    example === undefined
      ? null
      : el('p', { class: 'limits' }, 'Example ', el('code', {}, textOf(example))),
    nested === null ? null : schemaView(field, depth + 1),
  )
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

/** Fields of an object, of what a list holds, or of the one alternative beside null. */
function fieldsOf(schema: Schema): Schema | null {
  if (schema.$ref !== undefined) return null
  if (schema.properties !== undefined) return schema
  if (schema.items !== undefined) return fieldsOf(schema.items)
  const [only, ...others] = alternatives(schema)
  return only !== undefined && others.length === 0 ? fieldsOf(only) : null
}

const alternatives = ({ anyOf = [], oneOf = [], allOf = [] }: Schema): readonly Schema[] =>
  [...anyOf, ...oneOf, ...allOf].filter(({ type }) => type !== 'null')

function typeView(schema: Schema): HTMLElement {
  const name = refOf(schema)
  const says = typeOf(schema)
  return el('span', { class: 'type' }, name === null ? says : el('a', { href: `#${name}` }, says))
}

const refOf = (schema: Schema): string | null => {
  if (schema.$ref !== undefined) return nameOf(schema.$ref)
  if (schema.items !== undefined) return refOf(schema.items)
  const [only, ...others] = alternatives(schema)
  return only !== undefined && others.length === 0 ? refOf(only) : null
}

/** `Money`, `string`, `Rate or null`, `list of FeeLine`. */
export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return nameOf(schema.$ref)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  const choices = alternatives(schema)
  const nullable =
    schema.anyOf?.some(({ type }) => type === 'null') ??
    schema.oneOf?.some(({ type }) => type === 'null') ??
    false
  if (choices.length > 0) return `${choices.map(typeOf).join(' or ')}${nullable ? ' or null' : ''}`
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['any'])
  const says = types.map(type =>
    type === 'array' ? `list of ${typeOf(schema.items ?? {})}` : type,
  )
  if (schema.format === 'date-time') return says.join(' or ').replace('string', 'instant')
  return says.join(' or ')
}

function limitsOf({
  enum: values,
  pattern,
  minLength,
  maxLength,
  minimum,
  maximum,
  default: usual,
}: Schema): HTMLElement | null {
  const says: (Node | string)[] = []
  if (values !== undefined && values.length <= 12)
    says.push('One of ', ...values.flatMap(value => [el('code', {}, textOf(value)), ' ']))
  else if (values !== undefined)
    says.push(`One of ${values.length} codes, as ${values.slice(0, 3).map(textOf).join(', ')} `)
  if (minLength !== undefined || (maxLength !== undefined && maxLength < 1_000_000))
    says.push(`${minLength ?? 0} to ${maxLength ?? 'any number of'} characters `)
  if (minimum !== undefined || maximum !== undefined) says.push(range(minimum, maximum))
  if (pattern !== undefined && pattern.length <= 60)
    says.push('Like ', el('code', {}, pattern), ' ')
  if (usual !== undefined) says.push('By default ', el('code', {}, textOf(usual)))
  return says.length === 0 ? null : el('p', { class: 'limits' }, ...says)
}

/** Bounds that only say "an integer that JavaScript holds" say nothing to a reader. */
const range = (from = Number.MIN_SAFE_INTEGER, to = Number.MAX_SAFE_INTEGER): string => {
  const low = from > Number.MIN_SAFE_INTEGER ? `from ${from} ` : ''
  const high = to < Number.MAX_SAFE_INTEGER ? `to ${to} ` : ''
  return low + high
}
