/**
 * A window: what happened in one period, counted apart by scenario, corridor, institution, family and result code.
 *
 * Windows of several periods, and of several centers, add up. Their memory is bounded: beyond so many names of one
 * dimension, new ones are counted together as `other`.
 */
import { type Bins, Sketch } from './sketch.ts'

export const dimensions = ['all', 'scenario', 'corridor', 'institution', 'family', 'code'] as const
export type Dimension = (typeof dimensions)[number]

export const hops = ['quote', 'answer', 'decision', 'total', 'delivery'] as const
export type Hop = (typeof hops)[number]

/** The one name of the dimension `all`. */
export const ALL = 'all'
/** What is beyond the bound. */
export const OTHER = 'other'

/** Names of one dimension in one window; more than any network has that does not misuse them. */
// biome-ignore format: a table is read by column
const namesMax: Record<Dimension, number> = {
  all: 1, scenario: 8, corridor: 256, institution: 256, family: 96, code: 96,
}

export const counters = [
  'opened',
  'committed',
  'aborted',
  'doubted',
  'reversed',
  'refunds',
  'refused',
] as const
export type Counter = (typeof counters)[number]

/** Everything that is counted of one subject in one period. Values are of what was committed, at mid rates. */
export type Cell = Record<Counter, number> & {
  /** Fen and cents: whole numbers, exact to 9·10^15. */
  cny: number
  usd: number
  /** Milliseconds. */
  readonly latency: Map<Hop, Sketch>
}

export const emptyCell = (): Cell => ({
  opened: 0,
  committed: 0,
  aborted: 0,
  doubted: 0,
  reversed: 0,
  refunds: 0,
  refused: 0,
  cny: 0,
  usd: 0,
  latency: new Map(),
})

/** Committed of all decided; null where nothing was decided. */
export function successRate({ committed, aborted }: Cell): number | null {
  const decided = committed + aborted
  return decided === 0 ? null : committed / decided
}

export function addLatency(cell: Cell, hop: Hop, ms: number) {
  sketchOf(cell, hop).add(ms)
}

export function mergeCell(into: Cell, from: Cell) {
  for (const counter of counters) into[counter] += from[counter]
  into.cny += from.cny
  into.usd += from.usd
  for (const [hop, sketch] of from.latency) sketchOf(into, hop).merge(sketch)
}

function sketchOf(cell: Cell, hop: Hop): Sketch {
  let sketch = cell.latency.get(hop)
  if (sketch === undefined) {
    sketch = new Sketch()
    cell.latency.set(hop, sketch)
  }
  return sketch
}

export interface NamedCell {
  readonly dimension: Dimension
  readonly name: string
  readonly cell: Cell
}

/** Which cells somebody asks for: what nobody wants need not be unpacked. */
export type Wanted = (dimension: Dimension, name: string) => boolean
export const everything: Wanted = () => true

export class Window {
  readonly #cells = new Map<Dimension, Map<string, Cell>>()

  /** The cell to count in: its own, or `other` where there is no room for one more. */
  cell(dimension: Dimension, name: string): Cell {
    let named = this.#cells.get(dimension)
    if (named === undefined) {
      named = new Map()
      this.#cells.set(dimension, named)
    }
    const known = named.get(name)
    if (known !== undefined) return known
    if (named.size >= namesMax[dimension] - 1 && name !== OTHER && dimension !== 'all') {
      return this.cell(dimension, OTHER)
    }
    const made = emptyCell()
    named.set(name, made)
    return made
  }

  find(dimension: Dimension, name: string): Cell | undefined {
    return this.#cells.get(dimension)?.get(name)
  }

  *cells(): Generator<NamedCell> {
    for (const [dimension, named] of this.#cells) {
      for (const [name, cell] of named) yield { dimension, name, cell }
    }
  }

  get isEmpty(): boolean {
    return this.#cells.size === 0
  }

  merge(other: Window, isWanted: Wanted = everything) {
    for (const { dimension, name, cell } of other.cells()) {
      if (isWanted(dimension, name)) mergeCell(this.cell(dimension, name), cell)
    }
  }
}

/** Dimension, name, counters in their order, the two values, and the hops' bins: JSON as it is stored and sent. */
export type PackedCell = readonly [Dimension, string, readonly number[], Partial<Record<Hop, Bins>>]

export const packWindow = (window: Window): readonly PackedCell[] =>
  [...window.cells()].map(({ dimension, name, cell }) => [
    dimension,
    name,
    [...counters.map(counter => cell[counter]), cell.cny, cell.usd],
    Object.fromEntries([...cell.latency].map(([hop, sketch]) => [hop, sketch.bins])),
  ])

export function unpackWindow(packed: readonly PackedCell[], isWanted: Wanted = everything): Window {
  const window = new Window()
  for (const [dimension, name, numbers, latency] of packed) {
    if (!isWanted(dimension, name)) continue
    const cell = window.cell(dimension, name)
    counters.forEach((counter, at) => {
      cell[counter] += numbers[at] ?? 0
    })
    cell.cny += numbers[counters.length] ?? 0
    cell.usd += numbers[counters.length + 1] ?? 0
    for (const hop of hops) {
      const bins = latency[hop]
      if (bins !== undefined) sketchOf(cell, hop).addBins(bins)
    }
  }
  return window
}
