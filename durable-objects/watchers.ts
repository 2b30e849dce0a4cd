/**
 * Those who watch: sockets that survive the object's sleep. Each hears the same text at the same time; one that does
 * not say that it has seen what it was sent is dropped, so that nothing is ever buffered for long.
 */
import { closeCodes } from '../src/domain/close-codes.ts'
import { watcherMessageSchema } from '../src/wire/live.ts'

/** More is no audience, but an attack or a mistake. */
const WATCHERS_MAX = 2_000
/** Messages without a word of having been seen: half a minute of a busy center. */
const UNSEEN_MAX = 30
/** A watcher says little. */
const WORD_MAX = 200

export class Watchers {
  readonly #ctx: DurableObjectState
  /** Messages since the watcher last said what it has seen. What is forgotten while asleep counts as none. */
  readonly #unseen = new WeakMap<WebSocket, number>()

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx
  }

  get count(): number {
    return this.#ctx.getWebSockets().length
  }

  /**
   * A pair of sockets; without the server's where there is no room, and then the client's is closed already.
   *
   * @param until when the watcher's right to watch ends, milliseconds since 1970
   */
  admit(until: number): { client: WebSocket; server: WebSocket | null } {
    const { 0: client, 1: server } = new WebSocketPair()
    if (this.count >= WATCHERS_MAX) {
      server.accept()
      server.close(closeCodes.full, 'too many watchers')
      return { client, server: null }
    }
    this.#ctx.acceptWebSocket(server)
    server.serializeAttachment(until)
    return { client, server }
  }

  heard(socket: WebSocket, text: string | ArrayBuffer) {
    if (typeof text === 'string' && text.length <= WORD_MAX && isWord(text)) {
      this.#unseen.set(socket, 0)
    } else socket.close(closeCodes.garbled, 'not a word of a watcher')
  }

  /**
   * To all at once: a thousand take some twenty milliseconds. Pauses in between were tried: on a busy machine they made
   * the last ones seconds late, and no payment was seen to gain by them.
   */
  send(text: string, now: number) {
    for (const socket of this.#ctx.getWebSockets()) {
      const unseen = (this.#unseen.get(socket) ?? 0) + 1
      this.#unseen.set(socket, unseen)
      try {
        if (now >= Number(socket.deserializeAttachment()))
          socket.close(closeCodes.over, 'sign in again')
        else if (unseen > UNSEEN_MAX) socket.close(closeCodes.slow, 'too far behind')
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
