/**
 * Everything that can go wrong, how often it does by default, and what it is. Each seed redraws the rates, from none at
 * all to ten times as often, so that some worlds are calm, some are hostile in one way, and some in every way.
 */
import type { Dice, Draws } from './dice.ts'

// biome-ignore format: a table is read by column
export const faultKinds = {
  // Any hop.
  'request lost':        { rate: 0.01,   says: 'a request never arrives' },
  'answer lost':         { rate: 0.01,   says: 'the work is done, and nobody hears of it' },
  'slow':                { rate: 0.02,   says: 'a message takes from one second to a minute' },
  'overtaken':           { rate: 0.05,   says: 'a message arrives up to three seconds after others that left later' },
  'stuck':               { rate: 0.001,  says: 'a message arrives after every timeout, up to ten minutes later' },
  // Between the gateway and its members.
  'duplicated':          { rate: 0.01,   says: 'a request arrives up to five times more, up to ten minutes later' },
  'request garbled':     { rate: 0.003,  says: 'a request whose signature does not hold' },
  'answer garbled':      { rate: 0.003,  says: 'an answer whose signature does not hold' },
  'answer meaningless':  { rate: 0.003,  says: 'a signed answer that says nothing of use' },
  // Lanes.
  'lane killed':         { rate: 0.001,  says: 'a lane loses its memory between two steps' },
  'commit failed':       { rate: 0.0005, says: 'a lane is killed with its writes not durable' },
  'killed at commit':    { rate: 0.001,  says: 'a lane is killed when its writes are durable and nobody has heard' },
  'killed after answer': { rate: 0.001,  says: 'a lane is killed just after an answer left it' },
  'disk full':           { rate: 0.0005, says: 'a statement of a commit throws' },
  'alarm late':          { rate: 0.01,   says: 'an alarm fires up to a minute late' },
  'alarm twice':         { rate: 0.005,  says: 'an alarm fires again after it was done' },
  // Edge, courier and consumer are stateless: they only vanish.
  'edge died':           { rate: 0.002,  says: 'the edge vanishes in the middle of a request' },
  'courier died':        { rate: 0.002,  says: 'the courier vanishes with its errands' },
  'consumer died':       { rate: 0.005,  says: 'the consumer vanishes in the middle of a batch' },
  // Queue and projection.
  'publish failed':      { rate: 0.005,  says: 'the queue takes nothing' },
  'queue lost':          { rate: 0.005,  says: 'the queue forgets a message' },
  'queue twice':         { rate: 0.01,   says: 'the queue delivers a message again' },
  'queue disordered':    { rate: 0.05,   says: 'a message overtakes others by seconds' },
  'write failed':        { rate: 0.005,  says: 'the projection refuses a batch' },
  'write unheard':       { rate: 0.003,  says: 'the projection stores a batch and the consumer hears an error' },
  // Members.
  'says yes late':       { rate: 0.005,  says: 'an acquirer accepts, and answers after the deadline' },
  'changes its mind':    { rate: 0.005,  says: 'an acquirer says the contrary of its book' },
  'gives another order': { rate: 0.002,  says: 'an acquirer accepts under a reference that it gave another payment' },
  'refuses':             { rate: 0.02,   says: 'an acquirer refuses' },
  'pays in two words':   { rate: 0.005,  says: 'a wallet sends another body under the same request' },
  'pays for another':    { rate: 0.005,  says: "a wallet pays another wallet's quote" },
  'pays as another':     { rate: 0.005,  says: 'a wallet pays its quote under another request' },
  'forges a quote':      { rate: 0.005,  says: 'a wallet changes a letter of its quote' },
  'reads of others':     { rate: 0.005,  says: 'a wallet asks about a payment that is not its own' },
  'asks at once twice':  { rate: 0.02,   says: 'a wallet sends the same payment twice at the same time' },
  'takes it back':       { rate: 0.04,   says: 'a wallet cancels, before or after the decision' },
  'gives back':          { rate: 0.06,   says: 'an acquirer refunds in parts, or tries to refund too much' },
  'scans twice':         { rate: 0.03,   says: 'a till scans one code for two sales' },
  'user must confirm':   { rate: 0.2,    says: 'a wallet asks its user first, who may take too long' },
  'refuses a refund':    { rate: 0.005,  says: 'a wallet refuses to give a refund' },
  'account closed':      { rate: 0.005,  says: 'a wallet has nobody to give a refund to' },
  'dawdles':             { rate: 0.05,   says: 'a user confirms about when the quote expires' },
  // Clocks, and the day.
  'clocks apart':        { rate: 0.05,   says: "the gateway's own clocks differ by up to two seconds" },
  'clock astray':        { rate: 0.1,    says: "a member's clock is up to two minutes off" },
  'clock wrong':         { rate: 0.02,   says: "a member's clock is an hour off, so that no signature of its own holds" },
  'day ends':            { rate: 0.1,    says: "a market's day ends while people pay, and they change their minds about when it is cut" },
} as const satisfies Record<string, { rate: number; says: string }>

// biome-ignore format: a table is read by column
export const stretchKinds = {
  'member down':         { share: 0.03, leastMs: 5_000,  mostMs: 120_000, says: 'a member hears nothing' },
  'member deaf':         { share: 0.01, leastMs: 5_000,  mostMs: 60_000, says: 'a member hears, and its answers are lost' },
  'member slow':         { share: 0.02, leastMs: 5_000,  mostMs: 60_000, says: 'a member takes ten times as long' },
  'center lost':     { share: 0.1,  leastMs: 5_000,  mostMs: 60_000, says: 'nothing of a center runs' },
  'center cut off':      { share: 0.01, leastMs: 2_000,  mostMs: 30_000, says: 'no edge reaches a center' },
  'centers apart':       { share: 0.05, leastMs: 5_000,  mostMs: 60_000, says: 'a center and the others do not reach each other' },
  'island':          { share: 0.15, leastMs: 15_000, mostMs: 40_000, says: 'a center and half of the edges do not reach the directory, perhaps after nobody did' },
  'directory away':      { share: 0.05, leastMs: 5_000,  mostMs: 30_000, says: "a center does not reach the directory" },
  'projection down':     { share: 0.02, leastMs: 10_000, mostMs: 30_000, says: "a center's database is away" },
  'corridor closed':     { share: 0.02, leastMs: 5_000,  mostMs: 60_000, says: 'operators close a corridor' },
  'all restarted':       { share: 0.03, leastMs: 1_000,  mostMs: 1_000,  says: 'a deployment restarts every lane of a center' },
} as const satisfies Record<string, { share: number; leastMs: number; mostMs: number; says: string }>

export type FaultKind = keyof typeof faultKinds
export type StretchKind = keyof typeof stretchKinds

/** A time during which something is wrong with one subject. */
export interface Stretch {
  readonly id: string
  readonly kind: StretchKind
  readonly from: number
  readonly until: number
}

interface Chance {
  readonly rate: number
  readonly draws: Draws
}

/** Which faults a run may have; shrinking takes them away one by one. */
export type Allows = (id: string) => boolean

export class Chaos {
  readonly #dice: Dice
  readonly #allows: Allows
  readonly #chances: Readonly<Record<FaultKind, Chance>>
  readonly #factors: ReadonlyMap<StretchKind, number>
  #over = false
  /** How often each kind struck. */
  readonly struck: Record<string, number> = {}
  /** Each fault that struck, by its own name. */
  readonly fired = new Set<string>()
  readonly #heard: ((id: string) => void) | null

  /** @param heard hears of each fault as it strikes */
  constructor(dice: Dice, allows: Allows, heard: ((id: string) => void) | null) {
    this.#dice = dice
    this.#allows = allows
    this.#heard = heard
    const factor = (kind: string) => factorOf(dice, kind)
    this.#chances = Object.fromEntries(
      Object.entries(faultKinds).map(([kind, { rate }]) => [
        kind,
        { rate: rate * factor(kind), draws: dice.named(kind) },
      ]),
    ) as Record<FaultKind, Chance>
    this.#factors = new Map(
      (Object.keys(stretchKinds) as StretchKind[]).map(kind => [kind, factor(kind)]),
    )
  }

  /** Whether this fault strikes this subject now. */
  strikes(kind: FaultKind, subject: number): boolean {
    const { rate, draws } = this.#chances[kind]
    if (rate === 0 || this.#over) return false
    const count = draws.count(subject)
    if (draws.draw(subject, count) >= rate) return false
    const id = `${kind} ${subject}.${count}`
    if (!this.#allows(id)) return false
    this.#strike(kind, id)
    return true
  }

  /** The times in which something is wrong with one subject, earliest first. */
  stretches(kind: StretchKind, subject: number, from: number, until: number): Stretch[] {
    const { share, leastMs, mostMs } = stretchKinds[kind]
    const wanted = share * (this.#factors.get(kind) ?? 0) * (until - from)
    const list: Stretch[] = []
    for (let total = 0, n = 0; n < 20; n += 1) {
      const length = this.#dice.between(leastMs, mostMs, `${kind} length`, subject)
      // The last one comes with the chance that is left for it, so that short runs have some, too.
      if (this.#dice.draw(`${kind} comes`, subject) >= (wanted - total) / length) break
      total += length
      const start = this.#dice.between(from, until, `${kind} start`, subject)
      const id = `${kind} ${subject}.${n}`
      if (!this.#allows(id)) continue
      this.#strike(kind, id)
      list.push({ id, kind, from: start, until: Math.min(start + length, until) })
    }
    return list.toSorted((one, other) => one.from - other.from)
  }

  /** From now on nothing new goes wrong; what is under way still arrives late. */
  end() {
    this.#over = true
  }

  #strike(kind: string, id: string) {
    this.struck[kind] = (this.struck[kind] ?? 0) + 1
    if (this.#heard === null) return
    this.fired.add(id)
    this.#heard(id)
  }
}

/** 0 for one kind in four, otherwise 0.1 to 10; one seed in ten is calm altogether. */
function factorOf(dice: Dice, kind: string): number {
  const first = (name: string) => dice.named(name).draw(0, 0)
  if (first('calm') < 0.1 || first(`none of ${kind}`) < 0.25) return 0
  return 10 ** (2 * first(`factor of ${kind}`) - 1)
}
