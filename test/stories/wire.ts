/**
 * HTTP as a stranger would write it: requests signed by hand after RFC 9421, so that every part of them can be
 * wrong, sent over a plain socket client that corrects nothing.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { contentDigest } from '../../src/trust/digest.ts'
import { base64Of, type SigningKey, sign } from '../../src/trust/keys.ts'

export interface Wire {
  readonly method: string
  /** As it is sent, and the URL that the signature speaks of. */
  readonly path: string
  readonly url: string
  readonly headers: Record<string, string | string[]>
  readonly body: Uint8Array
  /** Sends the body in pieces without saying how long it is. */
  readonly chunked?: boolean
}

export interface Hand {
  readonly method?: string
  /** A string goes out as it is, anything else as JSON. */
  readonly body?: unknown
  readonly key: SigningKey
  readonly institution?: string
  readonly components?: readonly string[]
  readonly label?: string
  /** Seconds since 1970. */
  readonly created?: number | null
  readonly expires?: number
  readonly keyid?: string | null
  readonly alg?: string | null
  readonly contentType?: string | null
  /** Says this length or digest instead of the true one. */
  readonly digest?: string | null
  readonly chunked?: boolean
}

const encoder = new TextEncoder()

export async function byHand(gateway: string, path: string, hand: Hand): Promise<Wire> {
  const { key, institution = key.institution, label = 'cpg' } = hand
  const body =
    hand.body === undefined
      ? new Uint8Array()
      : encoder.encode(typeof hand.body === 'string' ? hand.body : JSON.stringify(hand.body))
  const method = hand.method ?? (body.length > 0 ? 'POST' : 'GET')
  const url = new URL(path, gateway).href
  const headers: Record<string, string> = { 'cpg-institution': institution }
  const { contentType = 'application/json' } = hand
  if (body.length > 0 && contentType !== null) headers['content-type'] = contentType
  const digest = hand.digest === undefined ? await contentDigest(body) : hand.digest
  if ((body.length > 0 || hand.digest !== undefined) && digest !== null) {
    headers['content-digest'] = digest
  }
  const usual = ['@method', '@target-uri', 'cpg-institution']
  const { components = 'content-digest' in headers ? [...usual, 'content-digest'] : usual } = hand
  const values: Record<string, string> = { '@method': method, '@target-uri': url, ...headers }

  const { created = Math.floor(Date.now() / 1000), keyid = key.id, alg = key.algorithm } = hand
  const params = [
    `(${components.map(name => `"${name}"`).join(' ')})`,
    ...(created === null ? [] : [`created=${created}`]),
    ...(hand.expires === undefined ? [] : [`expires=${hand.expires}`]),
    ...(keyid === null ? [] : [`keyid="${keyid}"`]),
    ...(alg === null ? [] : [`alg="${alg}"`]),
  ].join(';')
  const base = [
    ...components.map(name => `"${name}": ${values[name] ?? ''}`),
    `"@signature-params": ${params}`,
  ].join('\n')
  const signature = base64Of(await sign(key, encoder.encode(base)))
  return {
    method,
    path,
    url,
    headers: {
      ...headers,
      'signature-input': `${label}=${params}`,
      signature: `${label}=:${signature}:`,
    },
    body,
    ...(hand.chunked === undefined ? {} : { chunked: hand.chunked }),
  }
}

export interface Heard {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
  readonly text: string
}

const PIECE = 16_384

/** A line for each request: none is ever sent on one that the gateway is about to close for having been idle. */
export async function send({ method, path, url, headers, body, chunked }: Wire): Promise<Heard> {
  const { hostname, port } = new URL(url)
  const length = body.length > 0 && !chunked ? { 'content-length': String(body.length) } : {}
  const all = { ...length, ...headers }
  const asked = httpRequest({ hostname, port, method, path, headers: all, agent: false })
  const answering = new Promise<IncomingMessage>((resolve, reject) => {
    asked.on('response', resolve)
    // Whoever refuses a body early may cut the line while it is still being sent, once the answer is on its way.
    asked.on('error', reject)
  })
  for (let at = 0; at < body.length; at += PIECE) asked.write(body.subarray(at, at + PIECE))
  asked.end()
  const answer = await answering
  const parts: Buffer[] = []
  for await (const part of answer) parts.push(part)
  const text = Buffer.concat(parts)
  const heard = new Headers()
  for (const [name, value] of Object.entries(answer.headers)) heard.set(name, String(value))
  const { statusCode: status = 0 } = answer
  return { status, headers: heard, body: new Uint8Array(text), text: text.toString() }
}
