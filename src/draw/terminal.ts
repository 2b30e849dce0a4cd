/** A symbol for terminals: two modules in each character, light ones drawn, so that it scans on dark backgrounds. */
import { type Modules, QUIET } from './symbol.ts'

/** Black on white is fixed by escape sequences, because the reader needs it and the terminal's theme may not have it. */
export function terminalOf(modules: Modules): string {
  const size = modules.length + 2 * QUIET
  const dark = (x: number, y: number) => modules[y - QUIET]?.[x - QUIET] ?? false
  const lines: string[] = []
  for (let y = 0; y < size; y += 2) {
    let line = ''
    for (let x = 0; x < size; x++) {
      const upper = dark(x, y)
      const lower = y + 1 < size ? dark(x, y + 1) : false
      line += upper ? (lower ? ' ' : '▄') : lower ? '▀' : '█'
    }
    lines.push(`\u001b[97;40m${line}\u001b[0m`)
  }
  return lines.join('\n')
}
