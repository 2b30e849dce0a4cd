/**
 * A watcher for the bench: a real WebSocket (RFC 6455) over a socket of its own, which looks at the beginning of each
 * message only, because a thousand of them share the machine with what they watch.
 */
import { connect, type Socket } from 'node:net'

/** The beginning of a message says what it is, and its cursor, which is when the monitor's second ended. */
const HEAD = 120
/** A watcher that does not say what it has seen is dropped. */
const SAYS_EVERY = 5

const latin1 = new TextDecoder('latin1')

const TEXT = 0x1
const CLOSE = 0x8
const PING = 0x9
const PONG = 0xa

export interface Heard {
  messages: number
  bytes: number
  /** Milliseconds from the end of the monitor's second to the last byte of its message here. */
  readonly late: number[]
}

export class Watcher {
  readonly #socket: Socket
  readonly #heard: Heard
  #rest = Buffer.alloc(0)
  #isOpen = false
  #opcode = 0
  /** Bytes of the frame's content that are still to come. */
  #left = 0
  #isLast = false
  #head = ''
  #unsaid = 0
  #settle: { resolve(): void; reject(error: Error): void } | null = null
  /** With its first message, which is a snapshot. */
  readonly ready: Promise<void>
  isAlive = true

  constructor(port: number, path: string, headers: Readonly<Record<string, string>>, heard: Heard) {
    this.#heard = heard
    this.ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    const asked = {
      host: `127.0.0.1:${port}`,
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-version': '13',
      'sec-websocket-key': btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))),
      ...headers,
    }
    const lines = Object.entries(asked).map(([name, value]) => `${name}: ${value}\r\n`)
    this.#socket = connect(port, '127.0.0.1', () => {
      this.#socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
    })
    this.#socket.setNoDelay(true)
    this.#socket.on('data', bytes => this.#take(bytes))
    this.#socket.on('error', error => this.#end(error))
    this.#socket.on('close', () => this.#end(new Error('the socket was closed')))
  }

  close() {
    this.#say(CLOSE, Buffer.from([0x03, 0xe8]))
    this.#socket.end()
  }

  #end(error: Error) {
    this.isAlive = false
    this.#settle?.reject(error)
    this.#settle = null
  }

  #take(bytes: Buffer) {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    this.#rest = Buffer.alloc(0)
    if (!this.#isOpen) {
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) {
        this.#rest = rest
        return
      }
      const status = latin1.decode(rest.subarray(9, 12))
      if (status !== '101') return this.#end(new Error(`answered ${status}`))
      this.#isOpen = true
      rest = rest.subarray(end + 4)
    }
    while (rest.length > 0) {
      const read = this.#left > 0 ? this.#content(rest) : this.#header(rest)
      if (read === 0) {
        this.#rest = rest
        return
      }
      rest = rest.subarray(read)
    }
  }

  /** Gives how much of it was the frame's header; 0 where it is not all there. What servers send has no mask. */
  #header(bytes: Buffer): number {
    if (bytes.length < 2) return 0
    const [first = 0, second = 0] = bytes
    const size = second === 126 ? 4 : second === 127 ? 10 : 2
    if (bytes.length < size) return 0
    this.#isLast = (first & 0x80) !== 0
    this.#opcode = first & 0x0f
    const long = new DataView(bytes.buffer, bytes.byteOffset, size)
    this.#left =
      size === 4 ? long.getUint16(2) : size === 10 ? Number(long.getBigUint64(2)) : second
    if (this.#opcode === TEXT) this.#head = ''
    if (this.#left === 0) this.#frame()
    return size
  }

  #content(bytes: Buffer): number {
    const read = Math.min(bytes.length, this.#left)
    if (this.#head.length < HEAD)
      this.#head += latin1.decode(bytes.subarray(0, Math.min(read, HEAD)))
    this.#left -= read
    this.#heard.bytes += read
    if (this.#left === 0) this.#frame()
    return read
  }

  #frame() {
    if (this.#opcode === CLOSE) this.#end(new Error('the gateway closed the socket'))
    else if (this.#opcode === PING) this.#say(PONG, Buffer.alloc(0))
    else if (this.#isLast) this.#message()
  }

  #message() {
    const [, type, cursor = '0'] = /"type":"(\w+)".*?"cursor":"(\d+)"/.exec(this.#head) ?? []
    if (type === 'delta') {
      this.#heard.messages += 1
      this.#heard.late.push(Date.now() - Number(cursor))
    }
    this.#settle?.resolve()
    this.#settle = null
    this.#unsaid += 1
    if (this.#unsaid < SAYS_EVERY) return
    this.#unsaid = 0
    this.#say(TEXT, Buffer.from(JSON.stringify({ seen: cursor })))
  }

  /** What clients send has a mask; one of zeros is one, too. */
  #say(opcode: number, content: Buffer) {
    if (this.#socket.writable) {
      const head = Buffer.from([0x80 | opcode, 0x80 | content.length, 0, 0, 0, 0])
      this.#socket.write(Buffer.concat([head, content]))
    }
  }
}
