/**
 * A sketch: quantiles of a stream in a few hundred counters, each within 1 % of the true one, mergeable without loss.
 *
 * This is DDSketch (Masson, Rim and Lee, 2019) with bins of the logarithm of the value. Its range is bounded, so that
 * it never has to collapse bins: the error holds for every quantile, and its memory is bounded whatever it is told.
 */

/** Half the width of a bin, relative to the value in its middle. */
export const RELATIVE_ERROR = 0.01

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
const LOG_GAMMA = Math.log(GAMMA)

/** Ten days in milliseconds; whatever is longer counts as this long. */
const VALUE_MAX = 864_000_000
/** Bin 0 is for everything up to 1; nothing here is measured more finely. */
const BINS = Math.ceil(Math.log(VALUE_MAX) / LOG_GAMMA) + 1

/** Bins that are made one where few bytes matter more than the last percent. */
const COARSE = 4
const COARSE_GAMMA = GAMMA ** COARSE

/** Index and count of each bin in turn, lowest first; also how a sketch is stored. */
export type Bins = readonly number[]

const binOf = (value: number): number =>
  value > 1 ? Math.min(Math.ceil(Math.log(value) / LOG_GAMMA), BINS - 1) : 0

/** The value of a bin that is equally far from both its ends, relative to them. */
const middleOf = (bin: number, gamma: number): number =>
  bin === 0 ? 1 : (2 * gamma ** bin) / (gamma + 1)

export class Sketch {
  readonly #bins = new Map<number, number>()
  #count = 0

  static of(bins: Bins): Sketch {
    const sketch = new Sketch()
    sketch.addBins(bins)
    return sketch
  }

  get count(): number {
    return this.#count
  }

  /** @param value not negative; 0 to 1 are one bin */
  add(value: number) {
    const bin = binOf(value)
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + 1)
    this.#count += 1
  }

  merge(other: Sketch) {
    for (const [bin, count] of other.#bins) this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + count)
    this.#count += other.#count
  }

  /** What another sketch has counted, as it is stored or sent. */
  addBins(bins: Bins) {
    for (let at = 0; at + 1 < bins.length; at += 2) {
      const [bin = 0, count = 0] = [bins[at], bins[at + 1]]
      this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + count)
      this.#count += count
    }
  }

  get bins(): Bins {
    return [...this.#bins].sort(([one], [other]) => one - other).flat()
  }

  /** The same with bins four times as wide, for the wire: within 4 %. */
  get coarseBins(): Bins {
    const coarse = new Map<number, number>()
    for (const [bin, count] of this.#bins) {
      const wide = Math.ceil(bin / COARSE)
      coarse.set(wide, (coarse.get(wide) ?? 0) + count)
    }
    return [...coarse].sort(([one], [other]) => one - other).flat()
  }

  /** The value of rank `q`·(count − 1), rounded down; null where nothing was counted. */
  quantile(q: number): number | null {
    return quantileOf(this.bins, q, GAMMA)
  }

  /** How many values are not above this one: those in its own bin count as such. */
  countUpTo(value: number): number {
    const limit = binOf(value)
    let count = 0
    for (const [bin, values] of this.#bins) if (bin <= limit) count += values
    return count
  }

  /** About the sum of all values, within 1 %. */
  get sum(): number {
    let sum = 0
    for (const [bin, values] of this.#bins) sum += values * middleOf(bin, GAMMA)
    return sum
  }
}

/** Of bins as they come over the wire. */
export const coarseQuantile = (bins: Bins, q: number): number | null =>
  quantileOf(bins, q, COARSE_GAMMA)

function quantileOf(bins: Bins, q: number, gamma: number): number | null {
  let total = 0
  for (let at = 1; at < bins.length; at += 2) total += bins[at] ?? 0
  if (total === 0) return null
  let left = Math.floor(q * (total - 1))
  for (let at = 0; at < bins.length; at += 2) {
    left -= bins[at + 1] ?? 0
    if (left < 0) return middleOf(bins[at] ?? 0, gamma)
  }
  return null
}
