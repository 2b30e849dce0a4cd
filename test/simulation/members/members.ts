/** The members as the gateway reaches them: each behind its own weather, each answering under its own key. */
import type { Actor } from '../agenda.ts'
import { isWrong } from '../clocks.ts'
import type { Stretch } from '../faults.ts'
import { exchange, type Silence } from '../wire.ts'
import type { World } from '../world.ts'
import { keyOf } from './cast.ts'

/** What a member says to one question; `afterMs` is how long it takes over it. */
export interface Said {
  readonly status: number
  readonly body: object
  readonly afterMs?: number
}

export interface Member {
  readonly id: string
  readonly who: Actor
  hear(path: string, content: Asked, subject: number): Said
}

/** What every question of the gateway names, at the top or in the payment that it carries. */
export interface Asked {
  readonly paymentId?: string
  readonly refundId?: string
  readonly data?: { readonly paymentId: string }
}

/** An answer as it arrives: with the key it was signed under, or with none that holds. */
export interface Signed {
  readonly status: number
  readonly body: object
  readonly signedBy: string | null
  readonly key: string
}

const DISTRUST: Said = { status: 401, body: { code: 'SIGNATURE_INVALID' } }
/** An answer whose signature does not hold. */
const unsigned: Signed = { status: 200, body: {}, signedBy: null, key: '' }
const SLOW = 10

export interface MemberWeather {
  readonly down: readonly Stretch[]
  readonly deaf: readonly Stretch[]
  readonly slow: readonly Stretch[]
}

export class Members {
  readonly #world: World
  readonly #members = new Map<string, { member: Member; weather: MemberWeather }>()

  constructor(world: World) {
    this.#world = world
  }

  admit(member: Member, weather: MemberWeather) {
    this.#members.set(member.id, { member, weather })
  }

  /** Asks a member; its answer, or why there is none. */
  ask(id: string, path: string, content: unknown, patienceMs: number): Promise<Signed | Silence> {
    const found = this.#members.get(id)
    if (found === undefined) throw new Error(`${id} is no member`)
    const { member, weather } = found
    const { agenda, chaos } = this.#world
    const asked = content as Asked
    const paymentId = asked.paymentId ?? asked.data?.paymentId ?? ''
    const subject = this.#world.numberOf(paymentId)
    this.#world.hearing.asked(id, path, asked)
    const signed = ({ status, body }: Said): Signed => ({
      status,
      body,
      signedBy: id,
      key: keyOf(id),
    })
    const within = (list: readonly Stretch[]) =>
      list.some(({ from, until }) => agenda.now >= from && agenda.now < until)
    return exchange<Signed>(
      {
        subject,
        patienceMs,
        at: () => member.who,
        work: answer => {
          if (isWrong(member.who.skewMs)) return answer(unsigned)
          const said = member.hear(path, asked, subject)
          const spoken = chaos.strikes('answer meaningless', subject)
            ? { status: 200, body: { result: 'maybe', reference: 42 } }
            : said
          if (said.afterMs === undefined) answer(signed(spoken))
          else agenda.after(said.afterMs, member.who, () => answer(signed(spoken)))
        },
        distrusted: signed(DISTRUST),
        garbled: unsigned,
        condition: () => ({
          hears: !within(weather.down),
          heard: !within(weather.deaf) && !within(weather.down),
          slow: within(weather.slow) ? SLOW : 1,
        }),
      },
      this.#world,
    )
  }
}
