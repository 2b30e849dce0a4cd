/** `codes draw`: a payload as a QR symbol, for the terminal, a page or a printer. */
import { codeErrors } from '../codes/code.ts'
import { readCode } from '../codes/read.ts'
import { pngOf } from '../draw/png.ts'
import { modulesOf, svgOf } from '../draw/symbol.ts'
import { terminalOf } from '../draw/terminal.ts'

export const drawFormats = ['terminal', 'svg', 'png'] as const
export type DrawFormat = (typeof drawFormats)[number]

export type Drawn =
  | { readonly ok: true; readonly picture: string | Uint8Array }
  | { readonly ok: false; readonly problem: string }

/** Pixels per module: sharp on screens, and two centimetres in print at 300 dots per inch. */
const PNG_SCALE = 8

/**
 * Only valid codes are drawn, because a drawn mistake is printed and hung on walls.
 *
 * @param force draws what is not valid too, for those who test scanners; never a card number
 */
export async function drawCommand(
  payload: string,
  format: DrawFormat,
  force: boolean,
): Promise<Drawn> {
  const [error] = readCode(payload).errors
  if (error !== undefined && (!force || error.code === 'card-number')) {
    const next = error.code === 'card-number' ? '' : ' Draw it all the same with --force.'
    return {
      ok: false,
      problem: `Nothing was drawn. ${codeErrors[error.code]} (${error.code})${next}`,
    }
  }
  return pictureOf(payload, format)
}

export async function pictureOf(payload: string, format: DrawFormat): Promise<Drawn> {
  const modules = modulesOf(payload)
  if (modules === null) {
    const bytes = new TextEncoder().encode(payload).length
    return {
      ok: false,
      problem: `A QR symbol holds at most 2331 bytes; this payload has ${bytes}.`,
    }
  }
  if (format === 'png') return { ok: true, picture: await pngOf(modules, PNG_SCALE) }
  return { ok: true, picture: `${format === 'svg' ? svgOf(modules) : terminalOf(modules)}\n` }
}
