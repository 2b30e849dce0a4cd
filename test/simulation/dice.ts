/**
 * Chance that can be taken apart: a draw depends on the seed, its name, its subject and how often that subject drew
 * before, and on nothing else. So leaving a fault or a payment out of a run moves no other draw, and a long failing
 * run can be shrunk to a short one.
 */

const mix = (value: number): number => {
  let x = value | 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}

const names = new Map<string, number>()

/** Draws are named by short texts, hashed once. */
function hashOf(name: string): number {
  const known = names.get(name)
  if (known !== undefined) return known
  let hash = 0x811c9dc5
  for (let at = 0; at < name.length; at += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  }
  names.set(name, hash)
  return hash
}

export class Dice {
  readonly #seed: number
  readonly #counts = new Map<string, Map<number, number>>()

  constructor(seed: number) {
    this.#seed = mix(seed ^ 0x9e3779b9)
  }

  /** How often this subject has drawn under this name so far; counts this time. */
  count(name: string, subject: number): number {
    let counts = this.#counts.get(name)
    if (counts === undefined) {
      counts = new Map()
      this.#counts.set(name, counts)
    }
    const count = counts.get(subject) ?? 0
    counts.set(subject, count + 1)
    return count
  }

  /** 0 inclusive to 1 exclusive. */
  draw(name: string, subject: number, count = this.count(name, subject)): number {
    const high = mix(this.#seed ^ hashOf(name))
    return (
      (mix(mix(high + Math.imul(subject, 0x9e3779b1)) + Math.imul(count, 0x85ebca77)) >>> 0) /
      2 ** 32
    )
  }

  /** `least` to `most`, evenly. */
  between(least: number, most: number, name: string, subject: number): number {
    return least + (most - least) * this.draw(name, subject)
  }

  pick<T>(from: readonly T[], name: string, subject: number): T {
    const picked = from[Math.floor(this.draw(name, subject) * from.length)]
    if (picked === undefined) throw new Error(`nothing to pick for ${name}`)
    return picked
  }

  /** Log-normal around a median: `spread` 1.78 puts one in a hundred beyond sixty times the median. */
  delay(medianMs: number, spread: number, name: string, subject: number): number {
    const count = this.count(name, subject)
    const [one, other] = [
      this.draw(name, subject, 2 * count),
      this.draw(name, subject, 2 * count + 1),
    ]
    const normal = Math.sqrt(-2 * Math.log(1 - one)) * Math.cos(2 * Math.PI * other)
    return medianMs * Math.exp(spread * normal)
  }
}
