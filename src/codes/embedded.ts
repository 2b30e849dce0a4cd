/** Banks wrap EMVCo codes in links to their apps: in the path, the fragment or a parameter. */
import { decoded } from './link.ts'
import { readMpm } from './mpm.ts'
import type { Draft } from './reading.ts'

/**
 * Fields 00 and the beginning of 01 or of an account: how an EMVCo code begins inside a longer
 * text.
 */
const heads = ['000201', '000202']

/**
 * The wrapped code, or null when the link wraps none. The link itself is never followed.
 *
 * @param payload as it was scanned; places of errors speak of it
 */
export function readEmbedded(text: string, payload: string): Draft | null {
  let first: Draft | null = null
  for (const candidate of candidatesIn(text)) {
    const draft = readMpm(candidate)
    draft.kind = 'mpm-url'
    relocate(draft, payload.indexOf(candidate))
    if (draft.valid) return draft
    first ??= draft
  }
  return first
}

/** A code that was percent-encoded stands nowhere in the payload, and so do its errors. */
function relocate(draft: Draft, shift: number): void {
  for (const [index, { code, at }] of draft.errors.entries()) {
    draft.errors[index] = at === undefined || shift < 0 ? { code } : { code, at: at + shift }
  }
}

/**
 * Names inside a code may hold `&`, `#` or `%`, and what follows the code may begin with them: each
 * end is tried, as written and decoded. Few enough to stay linear.
 */
function candidatesIn(text: string): string[] {
  const start = startOf(text)
  if (start < 0) return []
  const rest = text.slice(start)
  const ends = [rest.length, rest.indexOf('&'), rest.lastIndexOf('&'), rest.indexOf('#')]
  const parts = [...new Set(ends)].filter(end => end > 0).map(end => rest.slice(0, end))
  // Forms write a blank as a plus, links as %20.
  const forms = (part: string): string[] => [
    part,
    decoded(part),
    decoded(part.replaceAll('+', ' ')),
  ]
  return [...new Set(parts.flatMap(forms))]
}

function startOf(text: string): number {
  const starts = heads.map(head => text.indexOf(head)).filter(start => start >= 0)
  return starts.length === 0 ? -1 : Math.min(...starts)
}
