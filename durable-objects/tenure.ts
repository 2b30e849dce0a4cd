/**
 * What a lane knows of its epoch: the best of what edges told it and what the directory says.
 *
 * An edge that has seen the directory lately proves with each request that the lane is the right one, so the lane
 * itself reads nothing. Only where an edge is behind does the lane ask, once for all who come meanwhile.
 */
import { type KnownEpoch, merged, type Standing, standingOf } from '../src/domain/epoch.ts'

export class Tenure {
  readonly #ask: () => Promise<KnownEpoch | null>
  #known: KnownEpoch | null = null
  #asking: Promise<void> | null = null

  /** @param ask gives what the directory says now, or null where it cannot be asked; never throws */
  constructor(ask: () => Promise<KnownEpoch | null>) {
    this.#ask = ask
  }

  standingOf(requestedAt: number): Standing {
    return this.#known === null ? 'unsure' : standingOf(this.#known, requestedAt)
  }

  /** Takes in what the caller knows, and says whether that settles how the request stands. */
  learn(requestedAt: number, told: KnownEpoch | null): boolean {
    if (told !== null) this.#known = merged(this.#known, told)
    return this.standingOf(requestedAt) !== 'unsure'
  }

  /** Asks the directory; afterwards the lane knows as much as can be known. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask()
      .then(known => {
        if (known !== null) this.#known = merged(this.#known, known)
      })
      .finally(() => {
        this.#asking = null
      })
    return this.#asking
  }
}
