/** The reference page: drawn from the very document that the gateway generates from its routes, so it is never out of date. */
import { el, one } from '../front/el.ts'
import { askedView, callView, methodView } from './call-view.ts'
import { askedOf, type Call, callsOf, type Document } from './document.ts'
import { proseView } from './prose-view.ts'
import { schemaView } from './schema-view.ts'

const state = one('state', HTMLParagraphElement)

try {
  const answer = await fetch('/openapi.json')
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
  draw((await answer.json()) as Document)
} catch (error) {
  one('calls', HTMLElement).replaceChildren(state)
  state.textContent = `The description could not be loaded (${String(error)}). Reload the page to try again.`
}

function draw(document: Document): void {
  const calls = callsOf(document)
  const asked = askedOf(document)
  const schemas = Object.entries(document.components?.schemas ?? {}).toSorted(([one], [other]) =>
    one.localeCompare(other),
  )
  one('about', HTMLParagraphElement).textContent = document.info.description ?? ''
  one('calls', HTMLElement).replaceChildren(
    ...calls.map(callView),
    el('h2', { class: 'part' }, 'Asked of members'),
    ...asked.map(askedView),
    el('h2', { class: 'part' }, 'Objects'),
    ...schemas.map(([name, schema]) =>
      el(
        'section',
        { id: name, class: 'object', 'aria-labelledby': `${name}-title` },
        el('h3', { id: `${name}-title` }, name),
        proseView(schema.description, 'says'),
        schemaView(schema),
      ),
    ),
  )
  one('contents', HTMLElement).replaceChildren(
    contents(
      calls,
      asked,
      schemas.map(([name]) => name),
    ),
  )
  // The address may name a part that was not there when the page opened.
  const { hash } = location
  if (hash.length > 1) globalThis.document.getElementById(hash.slice(1))?.scrollIntoView()
}

function contents(
  calls: readonly Call[],
  asked: readonly Call[],
  names: readonly string[],
): HTMLElement {
  const links = (list: readonly Call[]) =>
    list.map(({ id, method, summary, path }) =>
      el('li', {}, el('a', { href: `#${id}` }, methodView(method), summary ?? path)),
    )
  return el(
    'ul',
    {},
    ...links(calls),
    el('li', { class: 'objects' }, 'Asked of members'),
    ...links(asked),
    el('li', { class: 'objects' }, 'Objects'),
    ...names.map(name => el('li', {}, el('a', { href: `#${name}` }, name))),
  )
}
