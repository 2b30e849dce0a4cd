/** A wallet whose user was scanned: it agrees, refuses, or asks its user first, and then stands by what it said. */
import type { AuthorizeRequest } from '../../../src/wire/peer.ts'
import type { World } from '../world.ts'
import { keyOf } from './cast.ts'
import type { HoldBook, Holds } from './holds.ts'
import type { Said } from './members.ts'

/** How often a wallet passes on what its user said, and how long it waits each time. */
const PUSHES_MAX = 4
const PUSH_MS = 20_000

export class Consent {
  readonly #owner: string
  readonly #holds: Holds
  readonly #world: World

  constructor(owner: string, holds: Holds, world: World) {
    this.#owner = owner
    this.#holds = holds
    this.#world = world
  }

  /** Holds, refuses, or asks its user first; whatever it has said or heard before stands. */
  authorize({ paymentId, payer, decideBy }: AuthorizeRequest, subject: number): Said {
    if (this.#holds.has(paymentId)) return this.said(paymentId)
    const { agenda, chaos } = this.#world
    const late = agenda.clock() >= Date.parse(decideBy)
    const state = late || chaos.strikes('refuses', subject) ? 'refused' : 'held'
    const hold = this.#holds.place(paymentId, subject, BigInt(payer.minor), state)
    if (state === 'held' && chaos.strikes('user must confirm', subject)) {
      hold.state = 'asking'
      void this.#askUser(hold)
    }
    return this.said(paymentId)
  }

  /** What the book says of a payment that somebody else asked for. */
  said(paymentId: string): Said {
    const hold = this.#holds.get(paymentId)
    const said = (body: object): Said => ({ status: 200, body })
    if (hold === undefined) return said({ result: 'U' })
    if (hold.state === 'asking') return said({ result: 'U', code: 'USER_ACTION' })
    const isGood = hold.state !== 'refused' && hold.state !== this.#holds.free
    return said(
      isGood ? { result: 'S', reference: hold.reference } : { result: 'F', code: 'USER_REJECTED' },
    )
  }

  /** The user answers, perhaps too late, and the wallet passes it on until it is heard. */
  async #askUser(hold: HoldBook): Promise<void> {
    const { agenda, dice, edge, hearing } = this.#world
    const { number, paymentId } = hold
    await agenda.pause(dice.between(500, 70_000, 'user', number))
    if (hold.state !== 'asking') return
    hold.state = dice.draw('user says', number) < 0.8 ? 'held' : 'refused'
    const verdict =
      hold.state === 'held'
        ? ({ said: 'accepted', reference: hold.reference, key: keyOf(this.#owner) } as const)
        : ({ said: 'refused', code: 'USER_REJECTED' } as const)
    const question = { kind: 'authorise', id: paymentId, verdict } as const
    for (let tries = 0; tries < PUSHES_MAX; tries += 1) {
      const answer = await edge.ask(this.#owner, number, question, PUSH_MS)
      if (typeof answer !== 'string' && answer.kind === 'payment') {
        hearing.heard(this.#owner, answer.payment)
        this.#holds.hear(answer.payment)
        return
      }
      await agenda.pause(1_000 * 2 ** tries)
    }
  }
}
