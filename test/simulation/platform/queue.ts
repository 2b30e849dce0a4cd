/**
 * A queue and its consumer: at least once, in no order, in batches, with a pause before a message comes back and a
 * box for those that never go through. Runs the center's real consumer.
 */
import { type Actor, actor } from '../agenda.ts'
import type { World } from '../world.ts'

/** As `wrangler.toml` states them. */
const BATCH_MAX = 100
const BATCH_MS = 1_000
const ATTEMPTS_MAX = 11
const RETRY_S = 2

interface Mail {
  readonly number: number
  readonly body: string
  attempts: number
}

export type Consume = (batch: MessageBatch<unknown>) => Promise<void>

export class EventQueue {
  readonly #name: string
  readonly #number: number
  readonly #world: World
  readonly #consume: Consume
  readonly #platform: Actor
  #waiting: Mail[] = []
  #delivering = false
  #sent = 0
  /** Messages that went to the dead letters. */
  dead = 0

  constructor(name: string, number: number, world: World, consume: Consume) {
    this.#name = name
    this.#number = number
    this.#world = world
    this.#consume = consume
    this.#platform = actor(name)
  }

  /** Takes a message; what it says is `true` unless it takes nothing. */
  take(body: string): boolean {
    const { agenda, chaos, dice } = this.#world
    if (chaos.strikes('publish failed', this.#number)) return false
    this.#sent += 1
    const mail = { number: this.#sent, body, attempts: 1 }
    if (chaos.strikes('queue lost', this.#number)) return true
    if (chaos.strikes('queue twice', this.#number)) {
      const later = dice.between(10, 30_000, 'second delivery', this.#number)
      agenda.after(later, this.#platform, () => this.#bring({ ...mail }))
    }
    const pause = chaos.strikes('queue disordered', this.#number)
      ? dice.between(1_000, 8_000, 'overtaken', this.#number)
      : 1
    agenda.after(pause, this.#platform, () => this.#bring(mail))
    return true
  }

  #bring(mail: Mail) {
    this.#waiting.push(mail)
    if (this.#delivering) return
    this.#delivering = true
    this.#world.agenda.after(BATCH_MS, this.#platform, () => this.#deliver())
  }

  #deliver() {
    const { agenda, chaos, dice } = this.#world
    this.#delivering = false
    const mails = this.#waiting.splice(0, BATCH_MAX)
    if (this.#waiting.length > 0) {
      this.#delivering = true
      agenda.after(1, this.#platform, () => this.#deliver())
    }
    const consumer = actor(`consumer of ${this.#name}`)
    const open = new Set(mails)
    const comeBack = (mail: Mail, seconds: number) => {
      if (!open.delete(mail)) return
      mail.attempts += 1
      if (mail.attempts > ATTEMPTS_MAX) this.dead += 1
      else agenda.after(seconds * 1_000, this.#platform, () => this.#bring(mail))
    }
    const all = () => {
      for (const mail of open) comeBack(mail, RETRY_S)
    }
    if (chaos.strikes('consumer died', this.#number)) {
      agenda.after(dice.between(0, 40, 'death', this.#number), this.#platform, () => {
        consumer.alive = false
        all()
      })
    }
    const messages = mails.map(mail => ({
      id: `${mail.number}`,
      timestamp: new Date(agenda.now),
      body: mail.body,
      attempts: mail.attempts,
      ack: () => void open.delete(mail),
      retry: (options?: { delaySeconds?: number }) =>
        comeBack(mail, options?.delaySeconds ?? RETRY_S),
    }))
    agenda.who = consumer
    const batch = { queue: this.#name, messages } as unknown as MessageBatch<unknown>
    this.#consume(batch).then(all, all)
  }
}
