/** What holds for every reading, whatever was read. */
import { type CodeNode, codeErrors, codeWarnings } from '../../src/codes/code.ts'
import { familyById } from '../../src/codes/families.ts'
import { outlineOf } from '../../src/codes/outline.ts'
import { readCode } from '../../src/codes/read.ts'
import { summaryOf } from '../../src/codes/summary.ts'

/** Longer than any reading takes on a slow machine that is doing something else too. */
const SLOW_MS = 400

/** Reads and checks; answers with what is wrong, or null. */
export function brokenInvariant(payload: string, deep: boolean): string | null {
  const start = performance.now()
  const reading = readCode(payload)
  if (performance.now() - start > SLOW_MS) return 'slow'
  if (reading.valid !== (reading.errors.length === 0)) return 'valid with errors'
  if (reading.payable && !reading.valid) return 'payable but not valid'
  if (reading.valid && reading.families.length === 0) return 'valid without family'
  for (const { code, at } of reading.errors) {
    if (!Object.hasOwn(codeErrors, code)) return `error ${code} is not in the list`
    if (at !== undefined && (at < 0 || at > payload.length)) return `error at ${at}`
  }
  for (const code of reading.warnings) {
    if (!Object.hasOwn(codeWarnings, code)) return `warning ${code} is not in the list`
  }
  if (reading.families.some(each => familyById(each.id) === undefined)) return 'unknown family'
  if (reading.amountMinor !== null && reading.amountMinor <= 0n) return 'amount not positive'
  if (reading.amountMinor !== null && reading.currency === null) return 'amount of no currency'
  if (reading.country !== null && reading.country.length !== 2 && reading.valid) return 'country'
  return deep ? brokenDisplay(payload, reading) : null
}

function brokenDisplay(payload: string, reading: ReturnType<typeof readCode>): string | null {
  const isCard = reading.errors.some(each => each.code === 'card-number')
  const outline = outlineOf(reading)
  const shown = JSON.stringify(summaryOf(reading)) + outline
  if (isCard && shown.includes(payload.trim())) return 'a card number is shown'
  for (const unit of outline) {
    const point = unit.codePointAt(0) ?? 0
    if ((point < 32 && unit !== '\n') || point === 0x202e) return 'the outline steers the terminal'
  }
  return brokenTree(reading.tree, 0, payload.length)
}

/** Nodes lie inside their parent, one after another. */
function brokenTree(nodes: readonly CodeNode[], from: number, to: number): string | null {
  let last = from
  for (const node of nodes) {
    if (node.at < last || node.from < node.at || node.to < node.from) return 'tree out of order'
    if (node.to > to) return 'tree out of bounds'
    const broken = brokenTree(node.children, node.from, node.to)
    if (broken !== null) return broken
    last = node.at
  }
  return null
}
