/**
 * The parts of a link, split by hand: the room has no runtime, and what a browser would repair
 * (back slashes, blanks, user names before the host) is exactly what a forged code uses.
 */
export interface LinkParts {
  /** Lower case. */
  readonly scheme: string
  /** What stands between `//` and the path, as written: a host, or the token of a wallet. */
  readonly authority: string
  /** The same in lower case, without the usual port. */
  readonly host: string
  /** The host is preceded by a user name, followed by a foreign port, or not plain. */
  readonly suspicious: boolean
  /** From the first slash on, still percent-encoded. */
  readonly path: string
  readonly query: string
  readonly fragment: string
}

export function linkParts(text: string): LinkParts | null {
  const colon = text.indexOf('://')
  if (colon < 1 || colon > 32 || !isScheme(text, colon)) return null
  const start = colon + 3
  let end = start
  while (end < text.length && !'/?#'.includes(text[end] as string)) end++
  const authority = text.slice(start, end)
  const port = authority.endsWith(':443') ? authority.length - 4 : authority.length
  const host = authority.slice(0, port).toLowerCase()
  const hash = indexOr(text, '#', end, text.length)
  const mark = indexOr(text, '?', end, hash)
  return {
    scheme: text.slice(0, colon).toLowerCase(),
    authority,
    host,
    suspicious: !isPlainHost(host),
    path: text.slice(end, Math.min(mark, hash)),
    query: mark < hash ? text.slice(mark + 1, hash) : '',
    fragment: text.slice(hash + 1),
  }
}

const indexOr = (text: string, sign: string, from: number, limit: number): number => {
  const index = text.indexOf(sign, from)
  return index < 0 || index > limit ? limit : index
}

function isScheme(text: string, end: number): boolean {
  for (let index = 0; index < end; index++) {
    const unit = text.charCodeAt(index)
    const letter = unit | 32
    const isLetter = letter >= 97 && letter <= 122
    const isOther = (unit >= 48 && unit <= 57) || unit === 43 || unit === 45 || unit === 46
    if (!isLetter && (index === 0 || !isOther)) return false
  }
  return true
}

function isPlainHost(host: string): boolean {
  for (let index = 0; index < host.length; index++) {
    const unit = host.charCodeAt(index)
    const isPlain =
      (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) || unit === 45 || unit === 46
    if (!isPlain) return false
  }
  return true
}

/**
 * Query parameters by lower-case name. A name that comes twice is told, because readers disagree on
 * it.
 */
export function parameters(query: string): { values: Map<string, string>; isTwice: boolean } {
  const values = new Map<string, string>()
  let isTwice = false
  for (const pair of query.split('&')) {
    const sign = pair.indexOf('=')
    const name = decoded(sign < 0 ? pair : pair.slice(0, sign)).toLowerCase()
    if (name === '') continue
    if (values.has(name)) isTwice = true
    else values.set(name, sign < 0 ? '' : decoded(pair.slice(sign + 1)))
  }
  return { values, isTwice }
}

/**
 * Percent-decoding; `+` stays `+`, which signatures and times need. What does not decode stays as
 * it is.
 */
export function decoded(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
