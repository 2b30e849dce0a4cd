/**
 * The fields as a tree (ARIA's tree pattern): offset, id, name and value in columns, arrows to move. The items are
 * siblings that state their level, so that each is called by its own line and not by everything below it.
 */
import type { CodeNode } from '../codes/index.ts'
import { el } from '../front/el.ts'
import { type Highlight, isInside } from './highlight.ts'
import { shown } from './shown.ts'

interface Item {
  readonly node: CodeNode
  readonly level: number
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
  const grow = (nodes: readonly CodeNode[], parent: Item | null) => {
    for (const [index, node] of nodes.entries()) {
      const level = (parent?.level ?? 0) + 1
      const element = lineOf(node, meanings.get(node))
      element.setAttribute('aria-level', String(level))
      element.setAttribute('aria-setsize', String(nodes.length))
      element.setAttribute('aria-posinset', String(index + 1))
      element.style.setProperty('--depth', String(level - 1))
      const item = { node, level, element, parent }
      items.push(item)
      grow(node.children, item)
    }
  }
  grow(tree, null)
  const view = el('div', { class: 'tree', role: 'tree', 'aria-labelledby': 'anatomy-title' })
  view.append(...items.map(({ element }) => element))
  if (items[0] !== undefined) items[0].element.tabIndex = 0

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

/** Read aloud in this order; the offset stands first to the eye. */
const lineOf = ({ at, id, name, value, children }: CodeNode, meaning?: string): HTMLElement =>
  el(
    'div',
    {
      class: 'line',
      role: 'treeitem',
      tabindex: -1,
      'aria-expanded': children.length > 0 ? 'true' : undefined,
      'aria-selected': 'false',
    },
    el('span', { class: 'id' }, id),
    el('span', { class: 'name' }, name),
    el(
      'span',
      { class: 'value' },
      children.length > 0 ? null : shown(value),
      meaning === undefined ? null : el('em', {}, meaning),
    ),
    el('span', { class: 'at' }, el('span', { class: 'unseen' }, 'offset '), String(at)),
  )
