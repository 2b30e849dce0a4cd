/** The payload as bytes: offset, hexadecimal and characters in columns, the way dumps have always been read. */
import type { CodeNode } from '../codes/index.ts'
import { el } from '../front/el.ts'
import { type Highlight, isInside } from './highlight.ts'
import { nodeAt } from './node-at.ts'
import { shown } from './shown.ts'

/** Bytes that are shown; what is longer is no code that anyone prints. */
const BYTES_MAX = 4_096

interface Cell {
  /** Offset in the payload, which counts UTF-16 units, of the character that the byte belongs to. */
  readonly unit: number
  readonly byte: number
  /** The character in the cell of its first byte. */
  readonly character: string
}

export function hexView(
  payload: string,
  tree: readonly CodeNode[],
  width: number,
  highlight: Highlight,
): HTMLElement {
  const cells = cellsOf(payload)
  const rows: HTMLElement[] = []
  const lit: { unit: number; pair: HTMLElement; character: HTMLElement }[] = []
  for (let from = 0; from < cells.length; from += width) {
    const pairs = el('span', { class: 'pairs' })
    const characters = el('span', { class: 'characters' })
    for (const { unit, byte, character } of cells.slice(from, from + width)) {
      const pair = el('span', { 'data-unit': unit }, byte.toString(16).padStart(2, '0'))
      const glyph = el('span', { 'data-unit': unit }, character)
      pairs.append(pair)
      characters.append(glyph)
      lit.push({ unit, pair, character: glyph })
    }
    const offset = el('span', { class: 'offset' }, from.toString(16).padStart(4, '0'))
    rows.push(el('div', { class: 'row' }, offset, pairs, characters))
  }
  // A screen reader has the fields beside it; a dump read aloud is noise.
  const view = el('div', { class: `hex-view width-${width}`, 'aria-hidden': 'true' })
  view.append(...rows)
  view.addEventListener('pointerover', ({ target }) => {
    const unit = (target as HTMLElement).dataset.unit
    if (unit !== undefined) highlight.set(nodeAt(tree, Number(unit)))
  })
  highlight.on(node => {
    for (const { unit, pair, character } of lit) {
      const is = isInside(node, unit, unit + 1)
      pair.classList.toggle('lit', is)
      character.classList.toggle('lit', is)
    }
  })
  return view
}

function cellsOf(payload: string): Cell[] {
  const encoder = new TextEncoder()
  const cells: Cell[] = []
  let unit = 0
  for (const character of payload) {
    const picture = character === ' ' ? '\u00a0' : shown(character)
    for (const [index, byte] of encoder.encode(character).entries()) {
      const short = picture.length > 2 ? '·' : picture
      cells.push({ unit, byte, character: index === 0 ? short : '·' })
    }
    unit += character.length
    if (cells.length >= BYTES_MAX) break
  }
  return cells
}
