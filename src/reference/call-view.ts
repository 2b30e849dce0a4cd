/** One call: what it is for, what goes in, what comes out. */
import { el } from '../front/el.ts'
import type { Answer, Call, Parameter, Schema } from './document.ts'
import { proseView } from './prose-view.ts'
import { schemaView, typeOf } from './schema-view.ts'

export const callView = (call: Call): HTMLElement => sectionOf(call, 'call')

/** What the gateway asks; its address is in its description. */
export const askedView = (call: Call): HTMLElement => sectionOf(call, 'asked')

function sectionOf(call: Call, kind: 'call' | 'asked'): HTMLElement {
  const {
    id,
    method,
    path,
    summary = path,
    description,
    parameters = [],
    requestBody,
    responses = {},
  } = call
  const body = schemaIn(requestBody)
  return el(
    'section',
    { id, class: kind, 'aria-labelledby': `${id}-title` },
    el('h2', { id: `${id}-title` }, summary),
    kind === 'call'
      ? el('p', { class: 'address' }, methodView(method), el('code', {}, path))
      : null,
    proseView(description, 'says'),
    ...parametersView(parameters),
    ...(body === null ? [] : [el('h3', {}, 'Body'), bodyView(body)]),
    el('h3', {}, 'Answers'),
    ...answersView(Object.entries(responses)),
  )
}

export const methodView = (method: string): HTMLElement =>
  el('span', { class: `method ${method.toLowerCase()}` }, method)

function parametersView(parameters: readonly Parameter[]): HTMLElement[] {
  if (parameters.length === 0) return []
  const properties = Object.fromEntries(
    parameters.map(({ name, description, schema = {} }) => [
      name,
      description === undefined ? schema : { ...schema, description },
    ]),
  )
  const required = parameters.filter(each => each.required === true).map(({ name }) => name)
  return [el('h3', {}, 'Parameters'), schemaView({ properties, required })]
}

const bodyView = (schema: Schema): HTMLElement =>
  schema.$ref === undefined ? schemaView(schema) : named(schema)

const named = (schema: Schema): HTMLElement =>
  el('p', { class: 'type' }, el('a', { href: `#${typeOf(schema)}` }, typeOf(schema)))

type Said = readonly [status: string, answer: Answer]

/** What goes well is shown; the refusals open on demand. */
function answersView(answers: readonly Said[]): HTMLElement[] {
  const list = (some: readonly Said[]) =>
    el('ul', { class: 'answers' }, ...some.map(([status, answer]) => answerView(status, answer)))
  const refusals = answers.filter(([status]) => Number(status) >= 400)
  const statuses = refusals.map(([status]) => status).join(' ')
  const good = list(answers.filter(([status]) => Number(status) < 400))
  if (refusals.length === 0) return [good]
  return [
    good,
    el(
      'details',
      {},
      el('summary', {}, 'Refusals ', el('span', {}, statuses)),
      el('p', {}, 'Problem details (RFC 9457): ', el('a', { href: '#Problem' }, 'Problem')),
      list(refusals),
    ),
  ]
}

function answerView(status: string, answer: Answer): HTMLElement {
  const schema = schemaIn(answer)
  return el(
    'li',
    { class: Number(status) < 400 ? 'good' : 'refusal' },
    el('code', {}, status),
    answer['x-codes'] === undefined
      ? el('span', {}, answer.description ?? '')
      : codesView(answer['x-codes']),
    schema?.$ref === undefined ? null : named(schema),
    schema === null || schema.$ref !== undefined ? null : schemaView(schema),
  )
}

const codesView = (codes: readonly string[]): HTMLElement =>
  el(
    'span',
    { class: 'codes' },
    ...codes.map(code => el('a', { href: `/problems#${code}` }, el('code', {}, code))),
  )

const schemaIn = (has: Pick<Answer, 'content'> | undefined): Schema | null =>
  Object.values(has?.content ?? {})[0]?.schema ?? null
