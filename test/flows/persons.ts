/** Persons' allowances in memory: the real books, and a line to them that can be cut. */
import { Allowances } from '../../durable-objects/allowances.ts'
import type { PersonPort } from '../../src/flows/world.ts'
import { memorySql } from '../durable-objects/sqlite.ts'

export interface FakePersons {
  at(name: string): PersonPort
  /** Objects that were asked, by name. */
  readonly books: Map<string, Allowances>
  cut: boolean
}

export function fakePersons(): FakePersons {
  const books = new Map<string, Allowances>()
  const persons: FakePersons = {
    books,
    cut: false,
    at(name) {
      const reach = (): Allowances => {
        if (persons.cut) throw new Error('Network connection lost.')
        const book = books.get(name) ?? new Allowances(memorySql())
        books.set(name, book)
        return book
      }
      return {
        take: async wanted => reach().take(wanted),
        drop: async (payment, claim) => reach().drop(payment, claim),
        lower: async (payment, minor) => reach().lower(payment, minor),
      }
    },
  }
  return persons
}
