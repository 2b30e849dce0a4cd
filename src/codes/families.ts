/**
 * The one table of families: every scheme whose codes we read, write and route.
 * To add a family, add a row to one of these lists.
 */
import { africaEurope } from './families/africa-europe.ts'
import { americas } from './families/americas.ts'
import { consumer } from './families/consumer.ts'
import { eastAsia } from './families/east-asia.ts'
import { networks } from './families/networks.ts'
import { numbers } from './families/numbers.ts'
import type { Family } from './families/row.ts'
import { southAsia } from './families/south-asia.ts'
import { southeastAsia } from './families/southeast-asia.ts'
import { texts } from './families/texts.ts'

export const families: readonly Family[] = [
  ...southeastAsia,
  ...eastAsia,
  ...southAsia,
  ...africaEurope,
  ...americas,
  ...numbers,
  ...networks,
  ...consumer,
  ...texts,
]

const byId = new Map(families.map(row => [row.id, row]))

export const familyById = (id: string): Family | undefined => byId.get(id)
