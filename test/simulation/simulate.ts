/**
 * `npm run simulate -- --seeds N --payments M [--from F] [--threads T] [--limits] [--json]`: plays N worlds and checks every
 * rule; with `--limits` worlds in which members have limits.
 * `npm run simulate -- --seed S --payments M [--mutant NAME]`: plays one of them again, as it is or with a mutation of
 * the code. A world that fails is shrunk and told.
 */
import { availableParallelism } from 'node:os'
import { readLine } from '../command.ts'
import type { Violation } from './checks/ledger.ts'
import { mutationOf } from './mutations.ts'
import { playAll } from './pool.ts'
import type { Story } from './shrink.ts'

const { values } = readLine('npm run simulate --', {
  options: {
    seeds: { type: 'string', default: '100' },
    payments: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    mutant: { type: 'string' },
    threads: { type: 'string', default: `${availableParallelism()}` },
    limits: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
/** Stories are enough to begin with. */
const STORIES_MAX = 3

const first = whole(values.seed ?? values.from)
const count = values.seed === undefined ? whole(values.seeds) : 1
const payments = whole(values.payments)
const patch = values.mutant === undefined ? undefined : mutationOf(values.mutant)

const sums = {
  payments: 0,
  opened: 0,
  committed: 0,
  aborted: 0,
  reversed: 0,
  deemed: 0,
  refused: 0,
  refunds: 0,
  moved: 0,
}
const faults: Record<string, number> = {}
const violations: (Violation & { readonly seed: number })[] = []
const stories: Story[] = []
let worlds = 0
const began = performance.now()
let toldAt = began
const seconds = () => Number(((performance.now() - began) / 1_000).toFixed(1))

await playAll({
  seeds: Array.from({ length: count }, (_, index) => first + index),
  payments,
  limits: values.limits,
  threads: Math.min(count, whole(values.threads)),
  tells: true,
  ...(patch && { patch }),
  heard: ({ history, story }) => {
    worlds += 1
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += history[name]
    for (const [kind, times] of Object.entries(history.faults)) {
      faults[kind] = (faults[kind] ?? 0) + times
    }
    violations.push(...history.violations.map(each => ({ ...each, seed: history.seed })))
    if (story !== null) stories.push(story)
    progress()
    return stories.length < STORIES_MAX
  },
})

function progress() {
  if (performance.now() - toldAt < 5_000 && worlds < count) return
  toldAt = performance.now()
  process.stderr.write(`${worlds} of ${count} worlds, ${sums.payments} payments, ${seconds()} s\n`)
}

for (const { seed, payments: numbers, faults: struck, lines } of stories) {
  const limits = values.limits ? ' --limits' : ''
  const mutant = values.mutant === undefined ? '' : ` --mutant '${values.mutant}'`
  process.stderr.write(
    [
      '',
      `Seed ${seed} breaks a rule, with payment ${numbers.join(', ')} and ${struck.length} faults.`,
      `Again: npm run simulate -- --seed ${seed} --payments ${payments}${limits}${mutant}`,
      ...lines,
      '',
    ].join('\n'),
  )
}

const { payments: played, ...came } = sums
const usage = process.cpuUsage()
const figures = {
  payments: played,
  violations: violations.length,
  faults: Object.fromEntries(Object.entries(faults).toSorted()),
  ...came,
  seeds: worlds,
  seconds: seconds(),
  cpuSeconds: Number(((usage.user + usage.system) / 1e6).toFixed(1)),
}
console.log(values.json ? JSON.stringify(figures) : figures)
if (violations.length > 0) {
  console.error(violations.slice(0, 10))
  process.exitCode = 1
}

function whole(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${text} is no number of them`)
  return number
}
