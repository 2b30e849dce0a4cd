/**
 * `cpg codes …`: explain and write payment codes. Mounted by the command line's table of
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
