/**
 * Who pays: travellers with a document, who are one person in both wallets; users without one, known to their own wallet
 * only; and those of whom a wallet says nothing. Whose purchase it is, is its number's own chance.
 */
import type { Person } from '../../../src/domain/allowance.ts'
import type { Dice } from '../dice.ts'

const TRAVELLERS = 4
const USERS = 2
/** Of all purchases, those of travellers, and those of users without a document; of the rest nothing is said. */
const TRAVELLED = 0.65
const USED = 0.85

/** The first letters name the object, so that persons share some. */
const shards = ['0a', '5c', 'f1'] as const

const personOf = (name: string, index: number, isKnown: boolean): Person => {
  const token = (from: number) => ({ from, token: `${shards[index % 3]}${from}${name}` })
  // A new key begins with a year, and from then on everybody is somebody else.
  return { tokens: [token(2027), token(2020)], isKnown }
}

const travellers = Array.from({ length: TRAVELLERS }, (_, n) => personOf(`traveller${n}`, n, true))

export class Payers {
  readonly #dice: Dice
  readonly #persons = new Map<string, Person | null>()

  constructor(dice: Dice) {
    this.#dice = dice
  }

  /** The same person for the same purchase, whoever asks how often; null where the wallet does not say. */
  of(wallet: string, purchase: number): Person | null {
    const name = `${wallet} ${purchase}`
    const known = this.#persons.get(name)
    if (known !== undefined) return known
    const person = this.#drawn(wallet, this.#dice.draw('payer', purchase))
    this.#persons.set(name, person)
    return person
  }

  #drawn(wallet: string, draw: number): Person | null {
    if (draw < TRAVELLED) return travellers[Math.floor((draw / TRAVELLED) * TRAVELLERS)] ?? null
    if (draw >= USED) return null
    const user = Math.floor(((draw - TRAVELLED) / (USED - TRAVELLED)) * USERS)
    return personOf(`${wallet}user${user}`, user, false)
  }
}
