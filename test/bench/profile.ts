/**
 * `npm run bench -- profile [--json]`: where the processor's time of a payment goes, sampled in edge and centers while
 * thirty-two connections pay. What is native counts for the code that called it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { table } from '../../src/cli/table.ts'
import { bundle } from '../../src/local/bundle.ts'
import { freePorts } from '../../src/local/ports.ts'
import { readLine } from '../command.ts'
import { measure } from './measure.ts'
import { startNetwork } from './network.ts'
import { partOf, sharesOf } from './parts.ts'
import { startSampler } from './sampler.ts'
import { workloads } from './workloads.ts'

const { values } = readLine('npm run bench -- profile', {
  options: { json: { type: 'boolean', default: false } },
})

const PAYMENTS = 2_000

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
  const [atEdge = '', inCenter = ''] = [edge, center]
  const samplers = await startSampler(inspectorPort, {
    bundles: { edge: atEdge, hk: inCenter, sg: inCenter, fra: inCenter },
    partOf: (stack, worker) => partOf(stack, worker === 'edge' ? 'edge' : 'center'),
  })
  const { good, cpuMicros } = await pay(PAYMENTS)
  const sums = new Map<string, number>()
  for (const sampled of await Promise.all(samplers.map(each => each.stop()))) {
    for (const [part, micros] of sampled) sums.set(part, (sums.get(part) ?? 0) + micros)
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
  const shares = sharesOf(rows.map(([, micros]) => micros))
  const lines = rows.map(([part, micros], at) => [part, micros.toFixed(0), `${shares[at]} %`])
  for (const line of table(['part', 'µs a payment', 'share'], lines, ['left', 'right', 'right'])) {
    console.log(line)
  }
  console.log(
    `\nsampled ${sampled.toFixed(0)} µs a payment, while being sampled; the processes used ${cpuMicros.toFixed(0)} µs`,
  )
}
