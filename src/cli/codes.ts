/**
 * `cpg codes …`: explain, write and draw payment codes. Mounted by the command line's table of
 * contents.
 */
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { codeErrors } from '../codes/code.ts'
import { codeInputOf } from '../codes/input.ts'
import { outlineOf, printable } from '../codes/outline.ts'
import { readCode } from '../codes/read.ts'
import { summaryOf } from '../codes/summary.ts'
import { writeCode } from '../codes/write.ts'
import { writeErrors } from '../codes/written.ts'
import { pngOf } from '../draw/png.ts'
import { modulesOf, svgOf } from '../draw/symbol.ts'
import { terminalOf } from '../draw/terminal.ts'

/** What a command printed, and its exit code: 0 done, 1 refused. */
export interface CommandResult {
  readonly text: string
  readonly exitCode: 0 | 1
}

/** `codes explain '<payload>' [--json]`: a readable outline, or the whole reading as JSON. */
export function explainCommand(payload: string, asJson: boolean): CommandResult {
  const reading = readCode(payload)
  const exitCode = reading.valid ? 0 : 1
  if (!asJson) return { text: outlineOf(reading), exitCode }
  const whole = { ...summaryOf(reading), ...details(reading) }
  return { text: JSON.stringify(whole, null, 2), exitCode }
}

const details = (reading: ReturnType<typeof readCode>) => ({
  errors: reading.errors,
  families: reading.families,
  merchantNameLocal: reading.merchantNameLocal,
  merchantCityLocal: reading.merchantCityLocal,
  language: reading.language,
  postalCode: reading.postalCode,
  tip: reading.tip,
  additionalData: reading.additionalData,
  proxy: reading.proxy,
  accounts: reading.accounts,
  expiresAtMs: reading.expiresAtMs,
  tree: reading.tree,
})

/**
 * `codes explain --jsonl`: one JSON string per line in, one JSON object per line out, in the same
 * order. A line that is no JSON string is read as an empty payload, so that lines never shift.
 */
export async function explainLines(input: Readable, output: Writable): Promise<void> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    const answer = `${JSON.stringify(summaryOf(readCode(payloadOf(line))))}\n`
    if (!output.write(answer)) await new Promise(resolve => output.once('drain', resolve))
  }
}

function payloadOf(line: string): string {
  try {
    const payload: unknown = JSON.parse(line)
    return typeof payload === 'string' ? payload : ''
  } catch {
    return ''
  }
}

/**
 * `codes write <format or family> name=value …`: the payload, or every reason why there is none.
 */
export function writeCommand(format: string, pairs: readonly string[]): CommandResult {
  const input = codeInputOf(format, pairs)
  if (!input.ok) return { text: input.problem, exitCode: 1 }
  const written = writeCode(input.value)
  if (written.ok) return { text: written.payload, exitCode: 0 }
  const says = { ...codeErrors, ...writeErrors }
  const lines = written.errors.map(
    ({ code, field }) => `${printable(field)}: ${says[code]} (${code})`,
  )
  return { text: lines.join('\n'), exitCode: 1 }
}

export type DrawFormat = 'svg' | 'png' | 'terminal'

/** Pixels per module: sharp on screens, and two centimetres in print at 300 dots per inch. */
const PNG_SCALE = 8

/**
 * `codes draw '<payload>' [--format svg|png|terminal]`: a picture, or the reason why there is none.
 * Only valid codes are drawn, because a drawn mistake is printed and hung on walls.
 */
export async function drawCommand(
  payload: string,
  format: DrawFormat,
): Promise<CommandResult | { readonly bytes: Uint8Array; readonly exitCode: 0 }> {
  const reading = readCode(payload)
  if (!reading.valid) return { text: outlineOf(reading), exitCode: 1 }
  const modules = modulesOf(payload)
  if (modules === null) return { text: 'The payload is too long for a QR symbol.', exitCode: 1 }
  if (format === 'png') return { bytes: await pngOf(modules, PNG_SCALE), exitCode: 0 }
  const text = format === 'svg' ? svgOf(modules) : terminalOf(modules, true)
  return { text, exitCode: 0 }
}
