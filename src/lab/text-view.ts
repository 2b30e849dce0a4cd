/** The payload as running text, field by field: one stop of the keyboard, arrows between the fields. */
import { el } from '../front/el.ts'
import { type Highlight, isInside } from './highlight.ts'
import type { Segment } from './segments.ts'
import { shown } from './shown.ts'

export function textView(
  payload: string,
  segments: readonly Segment[],
  errorsAt: readonly number[],
  highlight: Highlight,
): HTMLElement {
  const spans = segments.map(segment => pieceOf(payload, segment, errorsAt))
  const view = el('div', {
    class: 'text-view',
    role: 'group',
    'aria-label': 'Payload, field by field',
  })
  view.append(...spans)
  spans[0]?.setAttribute('tabindex', '0')

  const at = (target: EventTarget | null) => spans.indexOf(target as HTMLSpanElement)
  view.addEventListener('pointerover', ({ target }) => {
    const segment = segments[at(target)]
    if (segment?.node) highlight.set(segment.node)
  })
  view.addEventListener('focusin', ({ target }) => {
    const place = at(target)
    for (const [index, span] of spans.entries()) span.tabIndex = index === place ? 0 : -1
    highlight.set(segments[place]?.node ?? null)
  })
  view.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const place = at(event.target)
    const wanted =
      event.key === 'Home' ? 0 : event.key === 'End' ? spans.length - 1 : place + (step ?? 0)
    if (wanted === place || spans[wanted] === undefined) return
    event.preventDefault()
    spans[wanted].focus()
  })
  highlight.on(node => {
    for (const [index, span] of spans.entries()) {
      const { from = 0, to = 0 } = segments[index] ?? {}
      span.classList.toggle('lit', isInside(node, from, to))
      span.classList.toggle('own', node !== null && segments[index]?.node === node)
    }
  })
  return view
}

function pieceOf(payload: string, { from, to, node, part }: Segment, errorsAt: readonly number[]) {
  const text = shown(payload.slice(from, to))
  const bad = errorsAt.some(at => at >= from && at < to)
  const says =
    node === null
      ? 'not read'
      : `${node.id} ${node.name}${part === 'head' ? ', id and length' : ''}`
  return el(
    'span',
    {
      class: `piece ${part}${bad ? ' wrong' : ''}`,
      role: 'button',
      tabindex: -1,
      'aria-label': `${says}${bad ? ', error here' : ''}: ${text}`,
    },
    text,
  )
}
