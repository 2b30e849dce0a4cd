/** Tables for people: columns as wide as what is in them, also where letters take two cells. */

const segmenter = new Intl.Segmenter()

/** Cells a text takes in a terminal: East Asian letters take two. */
export function width(text: string): number {
  let cells = 0
  for (const { segment } of segmenter.segment(text)) cells += wide.test(segment) ? 2 : 1
  return cells
}

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uff01-\uff60]/u

export type Align = 'left' | 'right'

/** Lines of a table with a head and a rule under it. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Align[] = [],
): string[] {
  const widths = head.map((title, column) =>
    Math.max(width(title), ...rows.map(row => width(row[column] ?? ''))),
  )
  const line = (cells: readonly string[]) =>
    widths
      .map((size, column) => {
        const cell = cells[column] ?? ''
        const gap = ' '.repeat(size - width(cell))
        return align[column] === 'right' ? gap + cell : cell + gap
      })
      .join('  ')
      .trimEnd()
  return [line(head), widths.map(size => '─'.repeat(size)).join('  '), ...rows.map(line)]
}
