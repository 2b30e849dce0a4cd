/**
 * The other side of every payment, in a process of its own: answers the floors plainly, and the gateway as a member
 * must, signed and bound to the request. It checks and keeps nothing, so that what is measured is the gateway.
 *
 * Started by `startResponder`; counts what it is told and says so under `/stats`.
 */
import { fork } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { StoredKeyPair } from '../../src/trust/keys.ts'
import { signingKey } from '../../src/trust/keys.ts'
import { signAnswer } from '../../src/trust/signature.ts'

export interface Stats {
  /** Everything that was answered. */
  readonly heard: number
  /** Requests to accept or to authorize. */
  readonly asked: number
  /** Requests to accept that a silent member was sent. */
  readonly unanswered: number
  /** Notices acknowledged. */
  readonly told: number
  /** The same by member. */
  readonly toldTo: Readonly<Record<string, number>>
}

export interface Responder {
  readonly url: string
  readonly pid: number
  stats(): Promise<Stats>
  /** This member answers nothing any more, whatever it is asked or told; what it has not answered stays so. */
  hush(member: string): Promise<void>
  /** It answers again. */
  speak(member: string): Promise<void>
  stop(): void
}

/** @param members their key pairs by id; each answers below `/{id}` */
export async function startResponder(
  members: Readonly<Record<string, StoredKeyPair>>,
  port: number,
): Promise<Responder> {
  const child = fork(import.meta.filename, [JSON.stringify(members), `${port}`])
  await new Promise(done => child.once('message', done))
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    pid: child.pid ?? 0,
    stats: async () => (await (await fetch(`${url}/stats`)).json()) as Stats,
    hush: async member => void (await fetch(`${url}/hush/${member}`)),
    speak: async member => void (await fetch(`${url}/speak/${member}`)),
    stop: () => child.kill(),
  }
}

const merchant = { id: 'm1', name: 'Noodle House', city: 'Chengdu', mcc: '5814', country: 'CN' }
const encoder = new TextEncoder()

async function serve(pairs: Record<string, StoredKeyPair>, port: number) {
  const keys = new Map(
    await Promise.all(
      Object.entries(pairs).map(async ([id, pair]) => [id, await signingKey(pair)] as const),
    ),
  )
  let [heard, asked, unanswered, told, orders] = [0, 0, 0, 0, 0]
  const toldTo: Record<string, number> = {}
  const silent = new Set<string>()

  const answerTo = (member: string, path: string): object => {
    heard += 1
    if (path.endsWith('/orders/inquire')) {
      orders += 1
      return { result: 'S', merchant, order: `o${orders}`, currency: 'CNY', amount: null }
    }
    if (path.endsWith('/notices')) {
      told += 1
      toldTo[member] = (toldTo[member] ?? 0) + 1
      return { result: 'S' }
    }
    if (path.endsWith('/payments/cancel')) return { result: 'S' }
    // Asked once more, it stands by its yes.
    if (path.endsWith('/payments/inquire')) return { result: 'S', reference: 'r' }
    asked += 1
    return { result: 'S', reference: `r${asked}` }
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    // Endpoints are `/{member}`, so one process plays them all.
    const [, member = '', ...rest] = (request.url ?? '').split('/')
    const key = keys.get(member)
    if (silent.has(member)) {
      if (request.url?.endsWith('/payments/accept')) unanswered += 1
      return
    }
    if (key === undefined) return
    const said = answerTo(member, `/${rest.join('/')}`)
    const body = encoder.encode(JSON.stringify(said))
    const headers = new Headers({ 'content-type': 'application/json' })
    const url = `http://127.0.0.1:${port}${request.url}`
    const asked = { method: 'POST', url, headers: new Headers(request.headers as never), body }
    await signAnswer({ status: 200, headers, body }, asked, key, Date.now())
    headers.set('content-length', `${body.length}`)
    response.writeHead(200, Object.fromEntries(headers))
    response.end(body)
  }

  createServer((request, response) => {
    if (request.url === '/stats') {
      response.end(JSON.stringify({ heard, asked, unanswered, told, toldTo }))
      return
    }
    const [, order, member] = /^\/(hush|speak)\/([\w-]+)$/.exec(request.url ?? '') ?? []
    if (member !== undefined) {
      if (order === 'hush') silent.add(member)
      else silent.delete(member)
      response.end()
      return
    }
    request.resume()
    request.on('end', () => {
      if (request.url === '/plain') response.end('{"ok":true}')
      else void answer(request, response)
    })
  })
    .listen(port, '127.0.0.1')
    .on('listening', () => process.send?.('ready'))
}

if (process.argv[1] === import.meta.filename) {
  const [, , members = '{}', port] = process.argv
  await serve(JSON.parse(members), Number(port))
}
