/**
 * `npm run simulate:mutants [-- NAME] [--json]`: shows that the checkers can fail. Every mutation of the real code must
 * be caught within a hundred seeds; one that is not, or cannot be made any more, fails the command.
 */
import { availableParallelism } from 'node:os'
import { readLine } from '../command.ts'
import { type Mutation, mutations } from './mutations.ts'
import { playAll } from './pool.ts'

const SEEDS = 100
const PAYMENTS = 400

interface Catch {
  readonly mutant: string
  readonly file: string
  /** The first seed that showed it; null for one that survived. */
  readonly seed: number | null
  readonly invariant: string
  readonly says: string
  readonly ms: number
}

async function hunt({ name, file, find, put, limits = false }: Mutation): Promise<Catch> {
  const began = performance.now()
  const found = (seed: number | null, invariant: string, says: string): Catch => {
    return { mutant: name, file, seed, invariant, says, ms: Math.round(performance.now() - began) }
  }
  let caught: Catch | null = null
  try {
    await playAll({
      seeds: Array.from({ length: SEEDS }, (_, index) => index + 1),
      payments: PAYMENTS,
      limits,
      threads: 1,
      patch: { file, find, put },
      heard: ({ history: { seed, violations } }) => {
        const [first] = violations
        if (first !== undefined) caught = found(seed, first.invariant, first.says)
        return first === undefined
      },
    })
  } catch (error) {
    return found(null, 'no mutant', String(error))
  }
  return caught ?? found(null, 'survived', `${SEEDS} seeds of ${PAYMENTS} payments`)
}

const { values, positionals } = readLine('npm run simulate:mutants -- [NAME]', {
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const hunted = mutations.filter(({ name }) => name.includes(positionals[0] ?? ''))
const next = hunted.values()
const catches = new Map<Mutation, Catch>()
const began = performance.now()

async function hunter() {
  for (const mutation of next) {
    const found = await hunt(mutation)
    catches.set(mutation, found)
    process.stderr.write(`${catches.size} of ${hunted.length}: ${rowOf(found)}\n`)
  }
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, hunter))

// In the order of the list, whoever was caught first.
const list = hunted.flatMap(mutation => catches.get(mutation) ?? [])
const survivors = list.filter(({ seed }) => seed === null)
const seconds = Number(((performance.now() - began) / 1_000).toFixed(1))
if (values.json) {
  console.log(
    JSON.stringify({
      mutants: list.length,
      caught: list.length - survivors.length,
      survivors: survivors.map(({ mutant }) => mutant),
      catches: list,
      seconds,
    }),
  )
} else {
  console.log(rowOf({ mutant: 'the gateway', file: 'file', seed: 'seed', invariant: 'rule' }))
  for (const each of list) console.log(rowOf(each))
  console.log(`\n${list.length - survivors.length} of ${list.length} caught in ${seconds} s`)
}
for (const { mutant, invariant, says } of survivors)
  console.error(`${mutant}: ${invariant}, ${says}`)
if (survivors.length > 0 || list.length === 0) process.exitCode = 1

function rowOf(each: {
  mutant: string
  file: string
  seed: number | string | null
  invariant: string
}) {
  const { mutant, file, seed, invariant } = each
  return `${mutant.padEnd(66)} ${file.padEnd(30)} ${String(seed ?? '-').padStart(4)}  ${invariant}`
}
