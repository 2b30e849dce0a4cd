/**
 * Those who watch: sockets that survive the object's sleep. Each hears the same text at the same time; one that does
 * not say that it has seen what it was sent is dropped, so that nothing is ever buffered for long.
 */
import { closeCodes, watcherMessageSchema } from '../src/wire/live.ts'

/** More is no audience, but an attack or a mistake. */
const WATCHERS_MAX = 2_000
/** Messages without a word of having been seen: half a minute of a busy center. */
const UNSEEN_MAX = 30
/** Watchers that are sent to without a pause: some five milliseconds. Fewer, and the last ones wait for long where others are busy. */
const AT_ONCE = 250
/** A watcher says little. */
const WORD_MAX = 200

export class Watchers {
  readonly #ctx: DurableObjectState
  /** Messages since the watcher last said what it has seen. What is forgotten while asleep counts as none. */
  readonly #unseen = new WeakMap<WebSocket, number>()
  #sent: Promise<void> = Promise.resolve()

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx
  }

  get count(): number {
    return this.#ctx.getWebSockets().length
  }

  /** A pair of sockets; without the server's where there is no room, and then the client's is closed already. */
  admit(): { client: WebSocket; server: WebSocket | null } {
    const { 0: client, 1: server } = new WebSocketPair()
    if (this.count >= WATCHERS_MAX) {
      server.accept()
      server.close(closeCodes.full, 'too many watchers')
      return { client, server: null }
    }
    this.#ctx.acceptWebSocket(server)
    return { client, server }
  }

  heard(socket: WebSocket, text: string | ArrayBuffer) {
    if (typeof text === 'string' && text.length <= WORD_MAX && isWord(text)) {
      this.#unseen.set(socket, 0)
    } else socket.close(closeCodes.garbled, 'not a word of a watcher')
  }

  /** To all who are there now; some at a time, so that nobody else of this thread waits for a thousand of them. */
  send(text: string): Promise<void> {
    const sockets = this.#ctx.getWebSockets()
    // One text after the other, so that nobody hears a second before the one that came first.
    this.#sent = this.#sent.then(() => this.#sendAll(sockets, text))
    return this.#sent
  }

  async #sendAll(sockets: readonly WebSocket[], text: string) {
    for (const [place, socket] of sockets.entries()) {
      if (place > 0 && place % AT_ONCE === 0) await scheduler.wait(0)
      const unseen = (this.#unseen.get(socket) ?? 0) + 1
      this.#unseen.set(socket, unseen)
      try {
        if (unseen > UNSEEN_MAX) socket.close(closeCodes.slow, 'too far behind')
        else socket.send(text)
      } catch {
        // It is closing; the platform takes it off the list.
      }
    }
  }
}

function isWord(text: string): boolean {
  try {
    return watcherMessageSchema.safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}
