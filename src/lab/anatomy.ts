/** The payload and its fields side by side; what is pointed at in one lights up in the other. */
import type { CodeNode, CodeReading } from '../codes/index.ts'
import { one } from '../front/el.ts'
import { hexView } from './hex-view.ts'
import { Highlight } from './highlight.ts'
import { meaningsOf } from './meanings.ts'
import { segmentsOf } from './segments.ts'
import { textView } from './text-view.ts'
import { treeView } from './tree-view.ts'

/** Beyond this nobody looks at single fields, and a browser would choke on them. */
const LENGTH_MAX = 8_192

export class Anatomy {
  readonly #section = one('anatomy', HTMLElement)
  readonly #asText = one('as-text', HTMLButtonElement)
  readonly #asHex = one('as-hex', HTMLButtonElement)
  #hex = false
  #last: { payload: string; reading: CodeReading } | null = null

  constructor() {
    this.#asText.addEventListener('click', () => this.#show(false))
    this.#asHex.addEventListener('click', () => this.#show(true))
    const narrow = matchMedia('(max-width: 40rem)')
    narrow.addEventListener('change', () => this.#draw())
  }

  /** @param payload without the white space around it, which offsets leave out */
  show(payload: string, reading: CodeReading): void {
    this.#last = { payload, reading }
    this.#draw()
  }

  #show(hex: boolean): void {
    this.#hex = hex
    this.#asText.setAttribute('aria-pressed', String(!hex))
    this.#asHex.setAttribute('aria-pressed', String(hex))
    this.#draw()
  }

  #draw(): void {
    const { payload = '', reading } = this.#last ?? {}
    // A card number is refused and not taken apart either.
    const secret = reading?.errors.some(({ code }) => code === 'card-number') ?? true
    const tree = secret || payload.length > LENGTH_MAX ? [] : (reading?.tree ?? [])
    this.#section.classList.toggle('broken', reading?.valid === false)
    this.#section.hidden = tree.length === 0
    if (tree.length === 0 || reading === undefined) return

    const highlight = new Highlight()
    const pointer = one('pointer', HTMLParagraphElement)
    const hint = 'Point at a field, or move through the fields with the arrow keys.'
    pointer.textContent = hint
    highlight.on(node => {
      pointer.textContent =
        node === null
          ? hint
          : `${node.id}  ${node.name}  ·  ${node.at} to ${node.to}  ·  ${node.to - node.from} long`
    })
    const errorsAt = reading.errors.flatMap(({ at }) => (at === undefined ? [] : [at]))
    const width = matchMedia('(max-width: 40rem)').matches ? 8 : 16
    const view = this.#hex
      ? hexView(payload, tree, width, highlight)
      : textView(payload, segmentsOf(payload, tree), errorsAt, highlight)
    one('bytes', HTMLElement).replaceChildren(view)
    one('tree-pane', HTMLElement).replaceChildren(
      treeView(tree, meaningsOf(tree, reading), highlight),
    )
    one('anatomy-count', HTMLParagraphElement).textContent =
      `${count(tree)} fields in ${payload.length} characters`
    this.#section.onpointerleave = () => highlight.set(null)
  }
}

const count = (tree: readonly CodeNode[]): number =>
  tree.reduce((sum, { children }) => sum + 1 + count(children), 0)
