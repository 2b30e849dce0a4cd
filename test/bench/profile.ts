/**
 * `npm run bench -- profile [--json]`: where the processor's time of a payment goes, sampled in edge and centers while
 * thirty-two connections pay. What is native counts for the code that called it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { table } from '../../src/cli/table.ts'
import { bundle } from '../../src/local/bundle.ts'
import { freePorts } from '../../src/local/ports.ts'
import { measure } from './measure.ts'
import { startNetwork } from './network.ts'
import { startSampler } from './sampler.ts'
import { workloads } from './workloads.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })

const PAYMENTS = 2_000

/** The first row whose pattern a file matches has it. */
// biome-ignore format: a table is read by column
const parts: readonly (readonly [part: string, files: RegExp])[] = [
  ['signatures: to verify and to make them',    /^src\/trust|http-message-sig|jose|structured-(?:headers|field)|@noble|src\/middleware\/(?:signature|verified)/],
  ['logs',                                      /^src\/log\.ts|log-line/],
  ['projection, feed, monitor, anchors',        /^src\/(?:db|queues)\/|^src\/.*anchor|drizzle|node_modules\/src\/|^src\/domain\/(?:window|alert|baseline)|^durable-objects\/(?:monitor|tally|guard|herald|alert|live|seconds|tempo)/],
  ['centers that watch each other',             /sentinel|vigil/],
  ['limits and persons',                        /^durable-objects\/(?:institution|lend|draws|gathering|purse|person|year|allowances|recalling|reclaiming|books|loans|pacing|tokens|uses)/],
  ['lane: decide, journal, timers, outbox',     /^durable-objects\/|^src\/domain\/payment|^src\/domain\/pack/],
  ['calls to members',                          /^src\/peers\//],
  ['schemas and shapes of requests',            /node_modules\/zod|^src\/wire\/|@hono\/zod|zod-to-openapi/],
  ['HTTP, routing, problems',                   /node_modules\/hono|^src\/(?:middleware|routes|app|edge|center)/],
  ['flows and the rest of the domain',          /^src\//],
  ['memory: the garbage collector',             /^\(garbage/],
  ['imitations of D1 and queues',               /^\(beside\)/],
  ['workerd itself: network, calls, storage',   /^\((?:program|root)/],
]

const folder = mkdtempSync(join(tmpdir(), 'opencpg-profile-'))
try {
  const root = join(import.meta.dirname, '../..')
  const [inspectorPort = 0] = await freePorts(1)
  const [edge, center] = await Promise.all(
    ['edge', 'center'].map(name => bundle(join(root, `src/${name}.ts`))),
  )
  process.stderr.write('starting …\n')
  const network = await startNetwork({ folder, inspectorPort })
  const pay = async (count: number) => {
    const calls = await workloads.pay.prepare(network, count)
    return measure(network, workloads.pay, { connections: 32, seconds: 60 }, calls)
  }
  await pay(800)
  process.stderr.write('sampling …\n')
  const samplers = await startSampler(inspectorPort, {
    edge: edge ?? '',
    hk: center ?? '',
    sg: center ?? '',
    fra: center ?? '',
  })
  const { good, cpuMicros } = await pay(PAYMENTS)
  const sums = new Map<string, number>()
  for (const sampled of await Promise.all(samplers.map(each => each.stop()))) {
    for (const [file, micros] of sampled) {
      if (file === '(idle)') continue
      const part = parts.find(([, files]) => files.test(file))?.[0] ?? `other: ${file}`
      sums.set(part, (sums.get(part) ?? 0) + micros)
    }
  }
  await network.stop()
  report(sums, good, cpuMicros)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)

/** Samples see one thread each; the process has more of them, for disk and network. */
function report(sums: ReadonlyMap<string, number>, good: number, cpuMicros: number) {
  const rows = [...sums]
    .map(([part, micros]) => [part, micros / good] as const)
    .toSorted(([, one], [, other]) => other - one)
  const sampled = rows.reduce((sum, [, micros]) => sum + micros, 0)
  if (values.json) {
    console.log(
      JSON.stringify({
        cpuMicros: Math.round(cpuMicros),
        sampledMicros: Math.round(sampled),
        parts: Object.fromEntries(rows.map(([part, micros]) => [part, Math.round(micros)])),
      }),
    )
    return
  }
  const lines = rows.map(([part, micros]) => [
    part,
    micros.toFixed(0),
    `${((micros / sampled) * 100).toFixed(0)} %`,
  ])
  for (const line of table(['part', 'µs a payment', 'share'], lines, ['left', 'right', 'right'])) {
    console.log(line)
  }
  console.log(
    `\nsampled ${sampled.toFixed(0)} µs a payment, while being sampled; the processes used ${cpuMicros.toFixed(0)} µs`,
  )
}
