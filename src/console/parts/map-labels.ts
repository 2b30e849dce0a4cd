/** Where the names on a map stand: beside their points, and not upon each other. */

export type Point = readonly [x: number, y: number]

export interface Label {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'end' | 'middle'
}

/** Of two letters, in the units of the map. */
const [WIDE, HIGH] = [22, 15]
const AWAY = 9

/** Ways to stand, best first: right, left, below, above. */
const ways: readonly ((name: string, point: Point) => Label)[] = [
  (name, [x, y]) => ({ name, x: x + AWAY, y: y + HIGH / 3, anchor: 'start' }),
  (name, [x, y]) => ({ name, x: x - AWAY, y: y + HIGH / 3, anchor: 'end' }),
  (name, [x, y]) => ({ name, x, y: y + AWAY + HIGH * 0.8, anchor: 'middle' }),
  (name, [x, y]) => ({ name, x, y: y - AWAY, anchor: 'middle' }),
]

const leftOf = ({ x, anchor }: Label): number =>
  anchor === 'start' ? x : anchor === 'end' ? x - WIDE : x - WIDE / 2

const meet = (one: Label, other: Label): boolean =>
  Math.abs(leftOf(one) - leftOf(other)) < WIDE && Math.abs(one.y - other.y) < HIGH

const covers = (label: Label, [x, y]: Point): boolean =>
  x > leftOf(label) - 3 && x < leftOf(label) + WIDE + 3 && y > label.y - HIGH && y < label.y + 3

/** One for each name for which there is room; two cities side by side may leave room for one only. */
export function placesOf(points: ReadonlyMap<string, Point>): readonly Label[] {
  const placed: Label[] = []
  for (const [name, point] of points) {
    const others = [...points].flatMap(([each, at]) => (each === name ? [] : [at]))
    const free = ways
      .map(way => way(name, point))
      .filter(label => !placed.some(each => meet(each, label)))
    const best = free.find(label => !others.some(at => covers(label, at))) ?? free[0]
    if (best !== undefined) placed.push(best)
  }
  return placed
}
