/** The fields as a tree (ARIA's tree pattern): offset, id, name and value in columns, arrows to move. */
import type { CodeNode } from '../codes/index.ts'
import { el } from '../front/el.ts'
import { type Highlight, isInside } from './highlight.ts'
import { shown } from './shown.ts'

interface Item {
  readonly node: CodeNode
  readonly element: HTMLElement
  readonly parent: Item | null
}

/** @param meanings what coded values stand for */
export function treeView(
  tree: readonly CodeNode[],
  meanings: ReadonlyMap<CodeNode, string>,
  highlight: Highlight,
): HTMLElement {
  const items: Item[] = []
  const grow = (nodes: readonly CodeNode[], parent: Item | null): HTMLElement[] =>
    nodes.map((node, index) => {
      const element = el('li', {
        role: 'treeitem',
        tabindex: -1,
        'aria-level': level(parent) + 1,
        'aria-setsize': nodes.length,
        'aria-posinset': index + 1,
        'aria-label': saying(node, meanings.get(node)),
        'aria-expanded': node.children.length > 0 ? 'true' : undefined,
        'aria-selected': 'false',
      })
      const item: Item = { node, element, parent }
      items.push(item)
      element.append(lineOf(node, level(parent), meanings.get(node)))
      if (node.children.length > 0) {
        element.append(el('ul', { role: 'group' }, ...grow(node.children, item)))
      }
      return element
    })
  const view = el('ul', { class: 'tree', role: 'tree', 'aria-labelledby': 'anatomy-title' })
  view.append(...grow(tree, null))
  items[0]?.element.setAttribute('tabindex', '0')

  const itemOf = (target: EventTarget | null) => {
    const element = target instanceof Element ? target.closest('[role=treeitem]') : null
    return items.find(item => item.element === element)
  }
  view.addEventListener('pointerover', ({ target }) => {
    const item = itemOf(target)
    if (item !== undefined) highlight.set(item.node)
  })
  view.addEventListener('click', ({ target }) => itemOf(target)?.element.focus())
  view.addEventListener('focusin', ({ target }) => {
    const item = itemOf(target)
    if (item === undefined) return
    for (const each of items) each.element.tabIndex = each === item ? 0 : -1
    highlight.set(item.node)
  })
  view.addEventListener('keydown', event => {
    const item = itemOf(event.target)
    const next = item && stepFrom(item, event.key, items)
    if (next === undefined) return
    event.preventDefault()
    next.element.focus()
  })
  highlight.on(node => {
    for (const { node: own, element } of items) {
      element.classList.toggle('lit', own === node)
      element.classList.toggle('inside', own !== node && isInside(node, own.at, own.to))
      element.setAttribute('aria-selected', String(own === node))
    }
  })
  return view
}

/** Up and down through all, left to the template around, right into a template. */
function stepFrom(item: Item, key: string, items: readonly Item[]): Item | undefined {
  const place = items.indexOf(item)
  switch (key) {
    case 'ArrowDown':
      return items[place + 1]
    case 'ArrowUp':
      return items[place - 1]
    case 'ArrowLeft':
      return item.parent ?? undefined
    case 'ArrowRight':
      return item.node.children.length > 0 ? items[place + 1] : undefined
    case 'Home':
      return items[0]
    case 'End':
      return items.at(-1)
    default:
      return undefined
  }
}

const level = (parent: Item | null): number => (parent === null ? 0 : level(parent.parent) + 1)

const saying = ({ id, name, at, to, value, children }: CodeNode, meaning?: string): string => {
  const says = children.length > 0 ? `${children.length} fields` : shown(value)
  const means = meaning === undefined ? '' : `, ${meaning}`
  return `${id} ${name}: ${says || 'empty'}${means}. Offset ${at} to ${to}.`
}

const lineOf = (
  { at, id, name, value, children }: CodeNode,
  depth: number,
  meaning?: string,
): HTMLElement => {
  const line = el(
    'div',
    { class: 'line' },
    el('span', { class: 'at' }, String(at)),
    el('span', { class: 'id' }, id),
    el('span', { class: 'name' }, name),
    el(
      'span',
      { class: 'value' },
      children.length > 0 ? null : shown(value),
      meaning === undefined ? null : el('em', {}, meaning),
    ),
  )
  line.style.setProperty('--depth', String(depth))
  return line
}
