/**
 * A map that holds so many entries at the most, and for certain half as many of those last written or asked for.
 *
 * Two generations: the young one takes everything that is written or asked for; when it is full, the old one is dropped
 * and it becomes the old one. To drop the oldest entry by itself would cost a search each time.
 */
export class Bounded<Key, Value> {
  readonly #half: number
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()

  constructor(max: number) {
    this.#half = Math.ceil(max / 2)
  }

  get(key: Key): Value | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: Key, value: Value) {
    if (this.#young.size >= this.#half && !this.#young.has(key)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }

  delete(key: Key) {
    this.#young.delete(key)
    this.#old.delete(key)
  }

  *entries(): Generator<[Key, Value]> {
    yield* this.#young
    for (const entry of this.#old) if (!this.#young.has(entry[0])) yield entry
  }
}
