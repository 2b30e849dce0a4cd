/**
 * The lines between the gateway's processes, all through one place, so that each of them can be cut, silent or slow
 * while what runs at both ends is left alone and knows of nothing.
 */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** `cut`: nobody is reached. `silent`: whatever is sent is never answered. `slow`: each way takes so much longer. */
export type Weather = 'fine' | 'cut' | 'silent' | { readonly slowMs: number }

/** Where a call goes: a process, what it is for there, and the path at its door. */
interface Leads {
  readonly line: string
  readonly process: string
  readonly path: string
}

export interface Switchboard {
  /** Where a process finds another: its objects and its queue. */
  farUrl(from: string, process: string): string
  /** Where a process finds its databases, by the names of its own bindings. */
  databaseUrl(from: string): string
  /**
   * @param line `hk` for all calls of objects of a center, `hk:db` and `hk:queue` for what belongs to it, `directory:db`
   * @param from only as seen from this process; left out, as seen from all
   */
  set(weather: Weather, line: string, from?: string): void
  stop(): Promise<void>
}

export interface SwitchboardOptions {
  /** Port of each process's door. */
  readonly ports: ReadonlyMap<string, number>
  /** The process and the binding of its door that a database binding of a process stands for. */
  database(from: string, binding: string): { readonly process: string; readonly binding: string }
}

const HOST = '127.0.0.1'

export async function startSwitchboard(options: SwitchboardOptions): Promise<Switchboard> {
  const weather = new Map<string, Weather>()
  const agent = new Agent({ keepAlive: true })
  const underWay = new Map<string, Set<Socket>>()

  const lead = (url: string, headers: IncomingMessage['headers']): [from: string, Leads] => {
    const [, from = '', process = '', ...rest] = url.split('/')
    if (process !== 'd1') {
      const line = rest[0] === 'send' ? `${process}:queue` : process
      return [from, { line, process, path: `/${rest.join('/')}` }]
    }
    const asked = new URL(String(headers['mf-url']))
    const known = options.database(from, String(headers['mf-binding']))
    const path = `/d1/${known.binding}${asked.pathname}`
    return [from, { line: `${known.process}:db`, process: known.process, path }]
  }
  const weatherOf = (line: string, from: string): Weather =>
    weather.get(`${line} ${from}`) ?? weather.get(line) ?? 'fine'

  const server = createServer((asked, answer) => {
    const [from, { line, process, path }] = lead(asked.url ?? '', asked.headers)
    const now = weatherOf(line, from)
    if (now === 'cut') return void asked.socket.destroy()
    // Whoever changes the weather ends what waits in it.
    const held = setOf(underWay, `${line} ${from}`)
    held.add(asked.socket)
    answer.once('close', () => held.delete(asked.socket))
    if (now === 'silent') return
    const slowMs = now === 'fine' ? 0 : now.slowMs
    const method = asked.method ?? 'GET'
    later(slowMs, () => {
      const there = request(
        { host: HOST, port: options.ports.get(process), path, method, agent },
        heard => later(slowMs, () => pass(heard, answer)),
      )
      there.once('error', () => asked.socket.destroy())
      answer.once('close', () => there.destroy())
      asked.pipe(there)
    })
  })
  server.on('upgrade', (asked: IncomingMessage, socket: Socket, head: Buffer) => {
    const [from, { line, process, path }] = lead(asked.url ?? '', asked.headers)
    if (weatherOf(line, from) === 'cut') return void socket.destroy()
    const { headers, method = 'GET' } = asked
    const there = request({ host: HOST, port: options.ports.get(process), path, method, headers })
    there.once('error', () => socket.destroy())
    there.once('upgrade', (heard, far: Socket, farHead: Buffer) => {
      const lines = heard.rawHeaders.flatMap((name, at, all) =>
        at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : [],
      )
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`)
      socket.write(farHead)
      far.write(head)
      for (const each of [socket, far]) each.on('error', () => null)
      socket.pipe(far).pipe(socket)
    })
    there.end()
  })
  // As long as a process lives it may call, however long it has been quiet.
  server.keepAliveTimeout = 0
  await new Promise<void>(done => server.listen(0, HOST, done))
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`
  return {
    farUrl: (from, process) => `${url}/${from}/${process}`,
    databaseUrl: from => `${url}/${from}/d1`,
    set(now, line, from) {
      if (from === undefined) {
        for (const key of weather.keys()) if (key.startsWith(`${line} `)) weather.delete(key)
      }
      weather.set(from === undefined ? line : `${line} ${from}`, now)
      // What is slow still comes; what was silent never would.
      if (typeof now === 'object') return
      for (const [key, sockets] of underWay) {
        const [its, by] = key.split(' ')
        if (its !== line || (from !== undefined && by !== from)) continue
        for (const socket of sockets) socket.destroy()
      }
    },
    async stop() {
      agent.destroy()
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    },
  }
}

function pass(heard: IncomingMessage, answer: ServerResponse) {
  answer.writeHead(heard.statusCode ?? 500, heard.headers)
  heard.pipe(answer)
  heard.once('error', () => answer.destroy())
}

function later(ms: number, work: () => void) {
  if (ms === 0) work()
  else setTimeout(work, ms)
}

function setOf<T>(map: Map<string, Set<T>>, key: string): Set<T> {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = new Set<T>()
  map.set(key, made)
  return made
}
