/** The parse tree of links and of texts in lines or pairs, for display: they have parts where others have fields. */
import type { CodeNode } from './code.ts'
import { lineName, parameterName } from './part-names.ts'
import type { Draft } from './reading.ts'
import { growMpm } from './tree.ts'

/** More parts than any real code has; a text with more is hostile and shown whole. */
const PARTS_MAX = 400

export function growParts(payload: string, draft: Draft): readonly CodeNode[] {
  const parts = cut(payload, draft.families[0]?.id)
  if (parts.length > PARTS_MAX) return []
  return draft.kind === 'mpm-url' ? parts.map(part => wrapping(part, draft)) : parts
}

function cut(payload: string, family: string | undefined): CodeNode[] {
  if (payload.includes('\n') || payload.includes('\r')) return linesOf(payload, family)
  if (/^SPD\*/i.test(payload)) return pairsOf(payload, family, 0, '*', ':')
  if (/^K:PR\|/.test(payload)) return pairsOf(payload, family, 0, '|', ':')
  return linkOf(payload, family)
}

/** A part in which an EMVCo code is wrapped has its fields; percent-encoded ones have no places of their own. */
function wrapping(part: CodeNode, draft: Draft): CodeNode {
  const start = part.value.search(/00020[12]/)
  if (start < 0) return part
  const shift = part.from + start
  return {
    ...part,
    children: growMpm(part.value.slice(start), draft).map(each => shifted(each, shift)),
  }
}

const shifted = (node: CodeNode, by: number): CodeNode => ({
  ...node,
  at: node.at + by,
  from: node.from + by,
  to: node.to + by,
  children: node.children.map(each => shifted(each, by)),
})

const part = (id: string, name: string, at: number, from: number, value: string): CodeNode => ({
  id,
  name,
  at,
  from,
  to: from + value.length,
  value,
  children: [],
})

function linesOf(payload: string, family: string | undefined): CodeNode[] {
  const nodes: CodeNode[] = []
  let at = 0
  for (const [index, line] of payload.split(/\r\n|\r|\n/).entries()) {
    if (line !== '') nodes.push(part(String(index + 1), lineName(family, index + 1), at, at, line))
    at += line.length + (payload.startsWith('\r\n', at + line.length) ? 2 : 1)
  }
  return nodes
}

function pairsOf(
  payload: string,
  family: string | undefined,
  start: number,
  between: string,
  sign: string,
): CodeNode[] {
  const nodes: CodeNode[] = []
  let at = start
  for (const pair of payload.slice(start).split(between)) {
    const split = pair.indexOf(sign)
    const from = split < 0 ? at : at + split + 1
    const name = split < 0 ? '' : pair.slice(0, split)
    const called = name === '' ? 'Part' : parameterName(family, name)
    if (pair !== '')
      nodes.push(part(idOf(name), called, at, from, payload.slice(from, at + pair.length)))
    at += pair.length + 1
  }
  return nodes
}

/** An id is shown as it is, so a name that is long or holds anything else has none. */
const idOf = (name: string): string => (/^[A-Za-z0-9_.-]{0,24}$/.test(name) ? name : '?')

/** Scheme, host and path, then each parameter. */
function linkOf(payload: string, family: string | undefined): CodeNode[] {
  const colon = payload.indexOf(':')
  if (colon < 1 || !/^[a-z][a-z0-9+.-]*$/i.test(payload.slice(0, colon))) return []
  const mark = payload.indexOf('?')
  const end = mark < 0 ? payload.length : mark
  const nodes = [part('scheme', 'Scheme', 0, 0, payload.slice(0, colon))]
  const host = payload.startsWith('//', colon + 1) ? colon + 3 : colon + 1
  const slash = payload.indexOf('/', host)
  const path = slash < 0 || slash > end ? end : slash
  if (path > host) nodes.push(part('host', 'Host', host, host, payload.slice(host, path)))
  if (end > path) nodes.push(part('path', 'Path', path, path, payload.slice(path, end)))
  return mark < 0 ? nodes : [...nodes, ...pairsOf(payload, family, mark + 1, '&', '=')]
}
