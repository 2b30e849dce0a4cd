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
  /** Requests to accept or to authorize. */
  readonly asked: number
  /** Notices acknowledged. */
  readonly told: number
}

export interface Responder {
  readonly url: string
  readonly pid: number
  stats(): Promise<Stats>
  stop(): void
}

/**
 * @param members their key pairs by id; each answers below `/{id}`
 * @param silent share of the requests to accept that are never answered, 0 to 1
 */
export async function startResponder(
  members: Readonly<Record<string, StoredKeyPair>>,
  port: number,
  silent = 0,
): Promise<Responder> {
  const child = fork(import.meta.filename, [JSON.stringify(members), `${port}`, `${silent}`])
  await new Promise(done => child.once('message', done))
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    pid: child.pid ?? 0,
    stats: async () => (await (await fetch(`${url}/stats`)).json()) as Stats,
    stop: () => child.kill(),
  }
}

const merchant = { id: 'm1', name: 'Noodle House', city: 'Chengdu', mcc: '5814', country: 'CN' }
const encoder = new TextEncoder()

async function serve(pairs: Record<string, StoredKeyPair>, port: number, silent: number) {
  const keys = new Map(
    await Promise.all(
      Object.entries(pairs).map(async ([id, pair]) => [id, await signingKey(pair)] as const),
    ),
  )
  let [asked, told, orders] = [0, 0, 0]

  const answerTo = (path: string): object | null => {
    if (path.endsWith('/orders/inquire')) {
      orders += 1
      return { result: 'S', merchant, order: `o${orders}`, currency: 'CNY', amount: null }
    }
    if (path.endsWith('/notices')) {
      told += 1
      return { result: 'S' }
    }
    if (path.endsWith('/payments/inquire') || path.endsWith('/payments/cancel')) {
      return path.endsWith('cancel') ? { result: 'S' } : { result: 'U' }
    }
    asked += 1
    // Every n-th, not a random one, so that two runs meet the same.
    if (silent > 0 && asked % Math.round(1 / silent) === 0) return null
    return { result: 'S', reference: `r${asked}` }
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    // Endpoints are `/{member}`, so one process plays them all.
    const [, member = '', ...rest] = (request.url ?? '').split('/')
    const said = answerTo(`/${rest.join('/')}`)
    const key = keys.get(member)
    if (said === null || key === undefined) return
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
      response.end(JSON.stringify({ asked, told }))
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
  const [, , members = '{}', port, silent] = process.argv
  await serve(JSON.parse(members), Number(port), Number(silent))
}
