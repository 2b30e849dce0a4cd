/**
 * Refusals for want of headroom where there clearly is some. One of them may happen, because whoever has the headroom may
 * be out of reach for a moment; a spell of them starves a member, and is a fault (I11).
 */
import { type LimitStanding, limitPlace, type Reserve } from '../../../src/domain/limit.ts'
import type { Message, Outcome } from '../../../src/domain/payment.ts'
import type { Result } from '../../../src/domain/result.ts'
import type { LaneHost } from '../platform/object.ts'
import type { World } from '../world.ts'

/** So many times what a payment takes is clearly enough. */
const CLEARLY = 4n
/** So many refusals in a row, over so long, are no accident. */
const SPELL = 4
const SPELL_MS = 8_000

interface Spell {
  readonly since: number
  readonly count: number
}

export class Refusals {
  readonly #world: World
  /** By center and limit. */
  readonly #spells = new Map<string, Spell>()

  constructor(world: World) {
    this.#world = world
  }

  /** A lane answers an opening. */
  heard(host: LaneHost, message: Message, said: Result<Outcome>) {
    if (message.kind !== 'open') return
    const { limits = [] } = message
    const nameOf = ({ limit }: Reserve) => `${host.center} ${limit}`
    if (said.ok) {
      for (const each of limits) this.#spells.delete(nameOf(each))
      return
    }
    const { code, detail } = said.refusal
    // Whoever says so has noticed that somebody is out of reach.
    if (code === 'CENTER_UNAVAILABLE') for (const each of limits) this.#spells.delete(nameOf(each))
    const standing = detail?.limit
    if (code !== 'LIMIT_PERIOD' || standing === undefined) return
    const lacking = limits.find(({ limit }) => isOf(limit, standing))
    if (lacking === undefined) {
      return this.#broken('a limit refuses a payment that takes nothing of it')
    }
    if (!this.#isClear(lacking, host.center)) {
      this.#spells.delete(nameOf(lacking))
      return
    }
    const { now } = this.#world.agenda
    const { since, count } = this.#spells.get(nameOf(lacking)) ?? { since: now, count: 0 }
    this.#spells.set(nameOf(lacking), { since, count: count + 1 })
    if (count + 1 < SPELL || now - since < SPELL_MS) return
    const seconds = Math.round((now - since) / 1_000)
    this.#broken(`${nameOf(lacking)} refuses ${lacking.minor} for ${seconds} s, and there is room`)
  }

  /** There is much more room than is needed, whatever is held by a center that the others do not reach. */
  #isClear({ limit, minor }: Reserve, center: string): boolean {
    const room = this.#world.limits?.roomOf(limit, center) ?? null
    return room !== null && room >= CLEARLY * minor
  }

  #broken(says: string) {
    this.#world.ledger.broken('I11', null, says)
  }
}

function isOf(limit: string, standing: LimitStanding): boolean {
  const { institution, scope, kind } = limitPlace(limit)
  return institution === standing.institution && scope === standing.scope && kind === standing.kind
}
