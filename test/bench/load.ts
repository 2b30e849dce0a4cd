/**
 * Load over raw sockets: a client that costs a few microseconds a request, because what it takes of the machine is
 * missing to what it measures. It speaks the little HTTP/1.1 that the Workers of one workerd answer with.
 */
import { connect, type Socket } from 'node:net'

export interface Call {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

export interface Reply {
  readonly status: number
  readonly body: Buffer
}

export interface Ran {
  readonly replies: number
  /** Of the calls that were answered as `good` wants it. */
  readonly good: number
  readonly seconds: number
  /** Milliseconds from when the call was meant to go, ascending. */
  readonly latencies: readonly number[]
}

/** The bytes of one request. */
export function wireOf({ path, headers = {}, body }: Call, port: number): Buffer {
  const lines = [
    `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`content-length: ${body.length}`]),
    '',
    '',
  ]
  return Buffer.concat([Buffer.from(lines.join('\r\n')), body ?? new Uint8Array()])
}

/** One connection, one call at a time. */
export class Line {
  readonly #port: number
  #socket: Socket | undefined
  #heard = Buffer.alloc(0)
  #settle: { resolve(reply: Reply): void; reject(error: Error): void } | undefined

  constructor(port: number) {
    this.#port = port
  }

  call(wire: Buffer): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#open().write(wire)
    })
  }

  close() {
    this.#socket?.destroy()
    this.#socket = undefined
  }

  #open(): Socket {
    if (this.#socket !== undefined) return this.#socket
    const socket = connect(this.#port, '127.0.0.1')
    socket.setNoDelay(true)
    socket.on('data', bytes => {
      this.#heard = this.#heard.length === 0 ? bytes : Buffer.concat([this.#heard, bytes])
      this.#read()
    })
    const lost = (error?: Error) => {
      if (this.#socket === socket) this.#socket = undefined
      this.#heard = Buffer.alloc(0)
      const settle = this.#settle
      this.#settle = undefined
      settle?.reject(error ?? new Error('the connection was closed'))
    }
    socket.on('error', lost)
    socket.on('close', () => lost())
    this.#socket = socket
    return socket
  }

  #read() {
    const end = this.#heard.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.#heard.toString('latin1', 0, end)
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (this.#heard.length < end + 4 + length) return
    const reply = {
      status: Number(head.slice(9, 12)),
      body: this.#heard.subarray(end + 4, end + 4 + length),
    }
    this.#heard = this.#heard.subarray(end + 4 + length)
    const settle = this.#settle
    this.#settle = undefined
    settle?.resolve(reply)
  }
}

const isGood = ({ status }: Reply) => status === 200

/** Closed loop: so many at a time, until `next` gives none, or the seconds are over. */
export async function closedLoop(
  port: number,
  connections: number,
  seconds: number,
  next: () => Buffer | undefined,
  good: (reply: Reply) => boolean = isGood,
): Promise<Ran> {
  const latencies: number[] = []
  let count = 0
  const began = performance.now()
  const until = began + seconds * 1_000
  const one = async () => {
    const line = new Line(port)
    while (performance.now() < until) {
      const wire = next()
      if (wire === undefined) break
      const sent = performance.now()
      const reply = await line.call(wire).catch(() => null)
      latencies.push(performance.now() - sent)
      if (reply !== null && good(reply)) count += 1
    }
    line.close()
  }
  await Promise.all(Array.from({ length: connections }, one))
  return ran(latencies, count, began)
}

/**
 * Open loop: Poisson arrivals at a rate, whatever the answers do, and latency from the moment a call was meant to go,
 * so that a stall shows in every call that it held up. `heard` is told of each as it ends; null is a lost connection.
 */
export async function openLoop(
  port: number,
  perSecond: number,
  seconds: number,
  next: () => Buffer | undefined,
  random: () => number,
  good: (reply: Reply) => boolean = isGood,
  heard: (reply: Reply | null, latency: number) => void = () => undefined,
): Promise<Ran> {
  const latencies: number[] = []
  const idle: Line[] = []
  const all = new Set<Line>()
  const open: Promise<void>[] = []
  let count = 0
  const began = performance.now()
  const one = async (meant: number, wire: Buffer) => {
    const line = idle.pop() ?? new Line(port)
    all.add(line)
    const reply = await line.call(wire).catch(() => null)
    idle.push(line)
    const latency = performance.now() - meant
    latencies.push(latency)
    heard(reply, latency)
    if (reply !== null && good(reply)) count += 1
  }
  for (let meant = began; ; ) {
    meant += (-Math.log(1 - random()) * 1_000) / perSecond
    if (meant - began > seconds * 1_000) break
    const wait = meant - performance.now()
    if (wait > 0) await new Promise(done => setTimeout(done, wait))
    const wire = next()
    if (wire === undefined) break
    open.push(one(meant, wire))
  }
  await Promise.all(open)
  for (const line of all) line.close()
  return ran(latencies, count, began)
}

const ran = (latencies: number[], good: number, began: number): Ran => ({
  replies: latencies.length,
  good,
  seconds: (performance.now() - began) / 1_000,
  latencies: latencies.sort((one, other) => one - other),
})

/** The latency that this share of calls stayed below, in milliseconds. */
export const quantile = ({ latencies }: Ran, share: number): number =>
  latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN
