/** The parts of links and of texts in lines: what the lab shows where a code has no fields with lengths. */
import type { CodeNode } from '../codes/index.ts'

const node = (id: string, name: string, at: number, from: number, value: string): CodeNode => ({
  id,
  name,
  at,
  from,
  to: from + value.length,
  value,
  children: [],
})

/** More parts than any real code has; a longer one is shown whole. */
const PARTS_MAX = 400

export function partsOf(payload: string): readonly CodeNode[] {
  const parts = cut(payload)
  return parts.length > PARTS_MAX ? [] : parts
}

function cut(payload: string): CodeNode[] {
  if (payload.includes('\n') || payload.includes('\r')) return linesOf(payload)
  if (/^SPD\*/i.test(payload)) return pairsOf(payload, 0, '*', ':')
  if (/^K:PR\|/.test(payload)) return pairsOf(payload, 0, '|', ':')
  return linkOf(payload)
}

function linesOf(payload: string): CodeNode[] {
  const nodes: CodeNode[] = []
  let at = 0
  for (const [index, line] of payload.split(/\r\n|\r|\n/).entries()) {
    if (line !== '') nodes.push(node(String(index + 1), `Line ${index + 1}`, at, at, line))
    at += line.length + (payload.startsWith('\r\n', at + line.length) ? 2 : 1)
  }
  return nodes
}

function pairsOf(payload: string, start: number, between: string, sign: string): CodeNode[] {
  const nodes: CodeNode[] = []
  let at = start
  for (const pair of payload.slice(start).split(between)) {
    const split = pair.indexOf(sign)
    const from = split < 0 ? at : at + split + 1
    const name = split < 0 ? '' : pair.slice(0, split)
    if (pair !== '')
      nodes.push(
        node(
          name,
          name === '' ? 'Part' : 'Parameter',
          at,
          from,
          payload.slice(from, at + pair.length),
        ),
      )
    at += pair.length + 1
  }
  return nodes
}

/** Scheme, host and path, then each parameter. */
function linkOf(payload: string): CodeNode[] {
  const colon = payload.indexOf(':')
  if (colon < 1 || !/^[a-z][a-z0-9+.-]*$/i.test(payload.slice(0, colon))) return []
  const mark = payload.indexOf('?')
  const end = mark < 0 ? payload.length : mark
  const nodes = [node('scheme', 'Scheme', 0, 0, payload.slice(0, colon))]
  const host = payload.startsWith('//', colon + 1) ? colon + 3 : colon + 1
  const slash = payload.indexOf('/', host)
  const path = slash < 0 || slash > end ? end : slash
  if (path > host) nodes.push(node('host', 'Host', host, host, payload.slice(host, path)))
  if (end > path) nodes.push(node('path', 'Path', path, path, payload.slice(path, end)))
  return mark < 0 ? nodes : [...nodes, ...pairsOf(payload, mark + 1, '&', '=')]
}
