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

/** Subjects below zero are parts of the gateway; none is lower. */
const LOWEST = -4_096

/** Everything that is drawn under one name in one world. */
export class Draws {
  readonly #mark: number
  /** How often each subject has drawn. */
  #counts = new Uint32Array(2 * -LOWEST)

  constructor(seed: number, name: string) {
    let hash = 0x811c9dc5
    for (let at = 0; at < name.length; at += 1) {
      hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
    }
    this.#mark = mix(seed ^ hash)
  }

  /** How often this subject has drawn so far; counts this time. */
  count(subject: number): number {
    const place = subject - LOWEST
    if (place >= this.#counts.length) {
      const longer = new Uint32Array(2 * place)
      longer.set(this.#counts)
      this.#counts = longer
    }
    const count = this.#counts[place]
    if (count === undefined) throw new Error(`nobody is ${subject}`)
    this.#counts[place] = count + 1
    return count
  }

  /** 0 inclusive to 1 exclusive. */
  draw(subject: number, count: number): number {
    const one = mix(this.#mark + Math.imul(subject, 0x9e3779b1))
    return (mix(one + Math.imul(count, 0x85ebca77)) >>> 0) / 2 ** 32
  }
}

export class Dice {
  readonly #seed: number
  readonly #draws = new Map<string, Draws>()

  constructor(seed: number) {
    this.#seed = mix(seed ^ 0x9e3779b9)
  }

  named(name: string): Draws {
    const known = this.#draws.get(name)
    if (known !== undefined) return known
    const made = new Draws(this.#seed, name)
    this.#draws.set(name, made)
    return made
  }

  /** 0 inclusive to 1 exclusive. */
  draw(name: string, subject: number): number {
    const draws = this.named(name)
    return draws.draw(subject, draws.count(subject))
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
    const draws = this.named(name)
    const count = draws.count(subject)
    const [one, other] = [draws.draw(subject, 2 * count), draws.draw(subject, 2 * count + 1)]
    const normal = Math.sqrt(-2 * Math.log(1 - one)) * Math.cos(2 * Math.PI * other)
    return medianMs * Math.exp(spread * normal)
  }
}
