/**
 * `npm run simulate -- --seeds N --payments M [--from F] [--threads T] [--json]`: plays N worlds and checks every rule.
 * `npm run simulate -- --seed S --payments M`: plays one of them again. A world that fails is shrunk and told.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Violation } from './checks/ledger.ts'
import { playAll } from './pool.ts'
import type { Story } from './shrink.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    payments: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    threads: { type: 'string', default: `${availableParallelism()}` },
    json: { type: 'boolean', default: false },
  },
})

const first = Number(values.seed ?? values.from)
const count = values.seed === undefined ? Number(values.seeds) : 1
const payments = Number(values.payments)
const total = { seeds: 0, payments: 0, committed: 0, aborted: 0, reversed: 0, refunds: 0 }
const faults: Record<string, number> = {}
const violations: (Violation & { readonly seed: number })[] = []
const stories: Story[] = []
const began = performance.now()
let toldAt = began

await playAll({
  seeds: Array.from({ length: count }, (_, index) => first + index),
  payments,
  threads: Math.min(count, Number(values.threads)),
  tells: true,
  heard: ({ history, story }) => {
    total.seeds += 1
    total.payments += history.payments
    total.committed += history.committed
    total.aborted += history.aborted
    total.reversed += history.reversed
    total.refunds += history.refunds
    for (const [kind, times] of Object.entries(history.faults)) {
      faults[kind] = (faults[kind] ?? 0) + times
    }
    violations.push(...history.violations.map(each => ({ ...each, seed: history.seed })))
    if (story !== null) stories.push(story)
    progress()
    // Three stories are enough to begin with.
    return stories.length < 3
  },
})

function progress() {
  const now = performance.now()
  if (now - toldAt < 5_000 && total.seeds < count) return
  toldAt = now
  const seconds = ((now - began) / 1_000).toFixed(0)
  process.stderr.write(
    `${total.seeds} of ${count} worlds, ${total.payments} payments, ${seconds} s\n`,
  )
}

for (const { seed, payments: numbers, faults: struck, lines } of stories) {
  process.stderr.write(
    [
      '',
      `Seed ${seed} breaks a rule, with payment ${numbers.join(', ')} and ${struck.length} faults.`,
      `Again: npm run simulate -- --seed ${seed} --payments ${payments}`,
      ...lines,
      '',
    ].join('\n'),
  )
}

const usage = process.cpuUsage()
const figures = {
  seeds: total.seeds,
  asked: total.seeds * payments,
  payments: total.payments,
  violations: violations.length,
  faults: Object.fromEntries(Object.entries(faults).toSorted()),
  committed: total.committed,
  aborted: total.aborted,
  reversed: total.reversed,
  refunds: total.refunds,
  seconds: Number(((performance.now() - began) / 1_000).toFixed(1)),
  cpuSeconds: Number(((usage.user + usage.system) / 1e6).toFixed(1)),
}
console.log(values.json ? JSON.stringify(figures) : figures)
if (violations.length > 0) {
  console.error(violations.slice(0, 10))
  process.exitCode = 1
}
