/** Fetch's Request and Response on node:http, and the ways of not answering that only a socket has. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/** `silence` leaves the caller waiting; `hang_up` cuts the connection without an answer. */
export type Outcome = Response | 'silence' | 'hang_up'

export interface Serving {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Refuses connections, and cuts those there are, until it admits them again on the same port. */
  refuse(): Promise<void>
  admit(): Promise<void>
  stop(): Promise<void>
}

const HOST = '127.0.0.1'
/** One byte more than a receiver reads, so that it can tell that a body is too large. */
const BODY_READ_MAX = 65_537
/** Longer than callers keep idle connections, so that none is cut just as it is used again. */
const KEEP_ALIVE_MS = 120_000

/** @param port 0 for any that is free */
export async function serve(
  answer: (request: Request) => Promise<Outcome>,
  port: number,
): Promise<Serving> {
  let url = ''
  const listener: RequestListener = async (incoming, outgoing) => {
    try {
      await send(await answer(await requestOf(incoming, url)), outgoing)
    } catch {
      outgoing.destroy()
    }
  }
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener)
  const bound = await listen(server, port)
  url = `http://${HOST}:${bound}`

  const refuse = () =>
    new Promise<void>(resolve => {
      if (!server.listening) return resolve()
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    url,
    refuse,
    async admit() {
      if (!server.listening) await listen(server, bound)
    },
    stop: refuse,
  }
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })

async function requestOf(incoming: IncomingMessage, origin: string): Promise<Request> {
  const { method = 'GET', headers: named } = incoming
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    chunks.push(chunk)
    if (size >= BODY_READ_MAX) break
  }
  const headers = new Headers()
  for (const [name, value] of Object.entries(named)) {
    if (typeof value === 'string') headers.set(name, value)
  }
  return new Request(new URL(incoming.url ?? '/', origin), {
    method,
    headers,
    ...(size > 0 ? { body: Buffer.concat(chunks) } : {}),
  })
}

async function send(outcome: Outcome, outgoing: ServerResponse): Promise<void> {
  if (outcome === 'silence') return
  if (outcome === 'hang_up') {
    outgoing.destroy()
    return
  }
  const body = Buffer.from(await outcome.arrayBuffer())
  outgoing.writeHead(outcome.status, {
    ...Object.fromEntries(outcome.headers),
    'content-length': body.length,
  })
  outgoing.end(body)
}
