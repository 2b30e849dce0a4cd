/** Which field is looked at: one at a time, and every view of it hears of it. */
import type { CodeNode } from '../codes/index.ts'

type Listener = (node: CodeNode | null) => void

export class Highlight {
  #node: CodeNode | null = null
  readonly #listeners: Listener[] = []

  get node(): CodeNode | null {
    return this.#node
  }

  on(listener: Listener): void {
    this.#listeners.push(listener)
  }

  set(node: CodeNode | null): void {
    if (node === this.#node) return
    this.#node = node
    for (const tell of this.#listeners) tell(node)
  }
}

/** Whether a place of the payload is inside the field, its id and length included. */
export const isInside = (node: CodeNode | null, from: number, to: number): boolean =>
  node !== null && from >= node.at && to <= node.to
