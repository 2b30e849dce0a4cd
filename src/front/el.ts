/** Elements in one call. Text goes in as text, so nothing that a code says can become markup. */

type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>
type Child = Node | string | null | undefined

/** An attribute that is false, null or undefined is left out; true is an attribute without a value. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  put(element, attributes)
  for (const child of children) if (child !== null && child !== undefined) element.append(child)
  return element
}

export function svg(tag: string, attributes: Attributes, ...children: readonly Node[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  put(element, attributes)
  element.append(...children)
  return element
}

function put(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue
    element.setAttribute(name, value === true ? '' : String(value))
  }
}

/** An element that the page's own markup must have. */
export function one<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`)
  return found
}
