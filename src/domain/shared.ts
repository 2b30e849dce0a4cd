/** Something that is made once for all who ask for it within a while, because making it costs more than its being a little old. */
export class Shared<Made> {
  readonly #ms: number
  #kept: { readonly at: number; readonly made: Made } | null = null

  /** @param ms how old it may be */
  constructor(ms: number) {
    this.#ms = ms
  }

  /** What was made for another who asked; null where it is to be made anew. */
  get(now: number): Made | null {
    if (this.#kept === null) return null
    const age = now - this.#kept.at
    // A clock that was set back must not keep it for ever.
    return age >= 0 && age < this.#ms ? this.#kept.made : null
  }

  /** @param now when it was begun to be made */
  keep(made: Made, now: number): Made {
    this.#kept = { at: now, made }
    return made
  }
}
