/** A payload as a QR symbol: black and white modules, and the same as a scalable picture. */
import { type ErrorCorrection, encodeQR } from 'qr'

/** Rows of modules, true for dark, without the quiet zone. */
export type Modules = readonly (readonly boolean[])[]

/** Light modules around a symbol that readers need (ISO/IEC 18004). */
export const QUIET = 4

/** Null when the payload is empty or longer than a symbol holds at this level. */
export function modulesOf(payload: string, ecc: ErrorCorrection = 'medium'): Modules | null {
  if (payload === '') return null
  try {
    // The library insists on a border; it is taken off so that each picture brings its own.
    const bordered = encodeQR(payload, 'raw', { ecc, border: 1 })
    return bordered.slice(1, -1).map(row => row.slice(1, -1))
  } catch {
    return null
  }
}

/** One path of horizontal runs: small, sharp at every size, and without seams between modules. */
export function pathOf(modules: Modules): string {
  const runs: string[] = []
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const from = x
      while (row[x + 1]) x += 1
      runs.push(`M${from + QUIET} ${y + QUIET}h${x - from + 1}v1h-${x - from + 1}z`)
    }
  })
  return runs.join('')
}

export const sizeWithQuiet = (modules: Modules): number => modules.length + 2 * QUIET

/** A whole SVG document, black on white whatever surrounds it. */
export function svgOf(modules: Modules): string {
  const size = sizeWithQuiet(modules)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">`,
    `<rect width="${size}" height="${size}" fill="#fff"/><path d="${pathOf(modules)}" fill="#000"/></svg>`,
  ].join('')
}
