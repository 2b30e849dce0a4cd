/**
 * Fuzzes the reader of codes: npm run fuzz:codes -- --count 1000000 --seed 1
 * Prints figures; ends with 1 and the shortest way to repeat when an invariant breaks or anything
 * throws.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brokenInvariant } from '../codes/invariants.ts'
import { hostilePayload, randomFrom } from '../codes/mutations.ts'
import { readLine } from '../command.ts'

const { values } = readLine('npm run fuzz:codes --', {
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
})
const count = Number(values.count)
const seed = Number(values.seed)
const vectors = join(import.meta.dirname, '../vectors/codes/families.json')
const pool: string[] = JSON.parse(readFileSync(vectors, 'utf8')).map(
  (vector: { payload: string }) => vector.payload,
)

const random = randomFrom(seed)
const start = performance.now()
const memoryStart = process.memoryUsage.rss()
let characters = 0
for (let index = 1; index <= count; index++) {
  const payload = hostilePayload(random, pool)
  characters += payload.length
  // Trees and outlines are for display, so they are built for a part only.
  const broken = tried(payload, index % 16 === 0)
  if (broken !== null) {
    console.error(
      `seed ${seed}, payload ${index}: ${broken}\n${JSON.stringify(payload.slice(0, 2000))}`,
    )
    process.exit(1)
  }
  if (index % 100_000 === 0) console.log(`${index.toLocaleString('en')} payloads, none broke`)
}
const seconds = (performance.now() - start) / 1000
const grown = Math.round((process.memoryUsage.rss() - memoryStart) / 1_048_576)
console.log(
  `${count.toLocaleString('en')} payloads, ${characters.toLocaleString('en')} characters, seed ${seed}: ` +
    `${seconds.toFixed(1)} s, ${Math.round(count / seconds).toLocaleString('en')}/s, memory +${grown} MiB`,
)

function tried(payload: string, deep: boolean): string | null {
  try {
    return brokenInvariant(payload, deep)
  } catch (error) {
    return `threw ${error}`
  }
}
