/**
 * `npm run simulate:mutants`: shows that the checkers can fail. Every mutation of the real code must be caught within
 * a hundred seeds; one that is not fails the command.
 */
import { availableParallelism } from 'node:os'
import { type Mutation, mutations } from './mutations.ts'
import { playAll } from './pool.ts'

const SEEDS = 100
const PAYMENTS = 150

interface Catch {
  readonly mutation: Mutation
  readonly invariant: string
  readonly seed: number | null
  readonly ms: number
  readonly says: string
}

async function hunt(mutation: Mutation): Promise<Catch> {
  const began = performance.now()
  let caught: Pick<Catch, 'invariant' | 'seed' | 'says'> = {
    invariant: 'not caught',
    seed: null,
    says: '',
  }
  try {
    await playAll({
      seeds: Array.from({ length: SEEDS }, (_, index) => index + 1),
      payments: PAYMENTS,
      threads: 1,
      patch: { file: mutation.file, find: mutation.find, put: mutation.put },
      heard: ({ history }) => {
        const [first] = history.violations
        if (first !== undefined) {
          caught = { invariant: first.invariant, seed: history.seed, says: first.says }
        }
        return first === undefined
      },
    })
  } catch (error) {
    caught = { invariant: 'not a mutation', seed: null, says: String(error) }
  }
  return { mutation, ...caught, ms: Math.round(performance.now() - began) }
}

const only = process.argv[2]
const queue = mutations.filter(({ name }) => only === undefined || name.includes(only))
const next = queue.values()
const catches: Catch[] = []
const began = performance.now()

async function hunter() {
  for (const mutation of next) {
    const found = await hunt(mutation)
    catches.push(found)
    const { invariant, seed, ms } = found
    process.stderr.write(
      `${mutation.name}: ${invariant}${seed === null ? '' : `, seed ${seed}`}, ${ms} ms\n`,
    )
  }
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, hunter))

const column = (text: string, width: number) => text.padEnd(width)
const row = (cells: readonly string[]) =>
  [
    [cells[0] ?? '', 66],
    [cells[1] ?? '', 30],
    [cells[2] ?? '', 14],
    [cells[3] ?? '', 5],
    [cells[4] ?? '', 8],
  ]
    .map(([text, width]) => column(String(text), Number(width)))
    .join(' ')
    .trimEnd()

console.log(row(['The gateway', 'file', 'caught by', 'seed', 'ms']))
for (const mutation of queue) {
  const found = catches.find(each => each.mutation === mutation)
  if (found === undefined) continue
  const { invariant, seed, ms } = found
  console.log(row([mutation.name, mutation.file, invariant, `${seed ?? '-'}`, `${ms}`]))
}
const missed = catches.filter(({ seed }) => seed === null)
const seconds = ((performance.now() - began) / 1_000).toFixed(0)
console.log(
  `\n${catches.length - missed.length} of ${catches.length} mutants caught in ${seconds} s`,
)
for (const { mutation, invariant, says } of missed)
  console.error(`${mutation.name}: ${invariant} ${says}`)
if (missed.length > 0) process.exitCode = 1
