/**
 * `npm run bench [-- --quick] [--json] [--tmpfs]`: the gateway beside its floors, on one machine in one run, as ratios.
 *
 * Floors and workloads take turns, because a shared machine drifts by a third within minutes; the middle run of each
 * counts. Only completed payments do: final, told to both sides, and stored in the projection.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { table } from '../../src/cli/table.ts'
import baseline from './baseline.json' with { type: 'json' }
import { countEach, type PerPayment } from './counts.ts'
import { fillOpen, overload, paced, restart } from './extremes.ts'
import { type Floors, startFloors } from './floors.ts'
import { type Measured, measure, median } from './measure.ts'
import { type Network, startNetwork } from './network.ts'
import { usdPerMillion } from './prices.ts'
import { type Workload, type WorkloadName, workloads } from './workloads.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** Keep the data in memory: faster, and gone with the machine. */
    tmpfs: { type: 'boolean', default: false },
  },
})
const { quick, json } = values
const folder = mkdtempSync(join(values.tmpfs ? '/dev/shm' : tmpdir(), 'opencpg-bench-'))
const tell = (line: string) => process.stderr.write(`${line}\n`)
const began = performance.now()

const floorNames = ['hello', 'signed', 'insert', 'naive', 'grouped', 'sworn', 'plainD1'] as const
type Row = { readonly name: string; readonly connections: number; readonly runs: Measured[] }
const rows = new Map<string, Row>()
const extremes: (readonly [string, string])[] = []
const keep = (name: string, connections: number, run: Measured) => {
  const key = `${name} ${connections}`
  const row = rows.get(key) ?? { name, connections, runs: [] }
  row.runs.push(run)
  rows.set(key, row)
  tell(
    `  ${name.padEnd(22)} ${String(connections).padStart(3)} connections ${run.perSecond.toFixed(0).padStart(7)}/s  p50 ${run.p50.toFixed(1)} ms`,
  )
}

const of = (name: string, connections = 32) =>
  median(rows.get(`${name} ${connections}`)?.runs ?? [])

try {
  tell('counting what one payment uses …')
  const counted = await countEach(
    join(folder, 'counted'),
    quick ? ['pay'] : ['pay', 'charge', 'refund', 'quote', 'read'],
    quick ? 200 : 400,
  )
  if (counted.pay === undefined) throw new Error('nothing was counted')
  tell('starting floors and gateway …')
  const floors = await startFloors(join(folder, 'floors'))
  const network = await startNetwork({ folder: join(folder, 'network') })
  await warm(network)
  await (quick ? runQuick(floors, network) : runFull(floors, network))
  await floors.stop()
  await network.stop()
  report(counted.pay, counted)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)

async function load(
  network: Network,
  name: WorkloadName,
  connections: number,
  seconds: number,
  perSecond: number,
) {
  const workload: Workload = workloads[name]
  const calls = await workload.prepare(network, Math.ceil(seconds * perSecond * 1.3))
  keep(name, connections, await measure(network, workload, { connections, seconds }, calls))
}

/** Code that is new to V8 runs several times slower than code it has compiled. */
async function warm(network: Network) {
  const calls = await workloads.pay.prepare(network, 800)
  await measure(network, workloads.pay, { connections: 32, seconds: 30 }, calls)
}

async function runQuick(floors: Floors, network: Network) {
  for (let round = 0; round < 2; round += 1) {
    for (const name of floorNames) {
      if (name === 'insert') continue
      keep(name, 32, await floors.measure(name, 32, 1.5))
    }
    await load(network, 'pay', 32, 3, 700)
    await load(network, 'quote', 32, 2, 2_500)
    if (round === 0) await load(network, 'askedQuote', 32, 2, 1_500)
  }
}

async function runFull(floors: Floors, network: Network) {
  for (let round = 0; round < 3; round += 1) {
    for (const name of floorNames) keep(name, 32, await floors.measure(name, 32, 4))
    await load(network, 'pay', 32, 6, 700)
    await load(network, 'quote', 32, 4, 2_500)
    await load(network, 'askedQuote', 32, 4, 1_500)
  }
  for (const name of ['decode', 'read', 'charge', 'refund', 'many', 'mix'] as const) {
    await load(network, name, 32, 4, 1_000)
  }
  for (const connections of [1, 256]) {
    for (const name of ['hello', 'naive', 'grouped'] as const) {
      keep(name, connections, await floors.measure(name, connections, 3))
    }
    const few = connections === 1 ? 0.25 : 1
    await load(network, 'pay', connections, 4, 700 * few)
    await load(network, 'quote', connections, 3, 2_500)
    for (const name of ['charge', 'read', 'refund', 'mix'] as const) {
      await load(network, name, connections, 2, (name === 'read' ? 2_500 : 700) * few)
    }
  }
  const rate = of('pay').perSecond * 0.7
  const calls = await workloads.pay.prepare(network, Math.ceil(rate * 8))
  const open = await measure(network, workloads.pay, { connections: 0, seconds: 6, rate }, calls)
  keep('pay, open loop at 70 %', 0, open)
  await runExtremes(network)
}

async function runExtremes(network: Network) {
  const capacity = of('pay').perSecond
  const deaf = await startNetwork({ folder: join(folder, 'silent'), silent: 0.05 })
  await warm(deaf)
  const [quiet, disturbed]: [number[], number[]] = [[], []]
  for (let round = 0; round < 3; round += 1) {
    quiet.push(await paced(network, capacity * 0.4, 4))
    disturbed.push(await paced(deaf, capacity * 0.4, 4))
  }
  await deaf.stop()
  const middle = (list: number[]) => list.toSorted((one, other) => one - other)[1] ?? Number.NaN
  extremes.push([
    '5 % silent responders',
    `p50 ${(middle(disturbed) / middle(quiet)).toFixed(2)} times, three turns of each`,
  ])
  const { goodput, refused, refusedP50, recovery } = await overload(network, capacity, 10)
  extremes.push([
    '3 times capacity, 10 s',
    `goodput ${goodput.toFixed(2)} of capacity, ${(refused * 100).toFixed(0)} % refused after ${refusedP50.toFixed(0)} ms, well again after ${recovery.toFixed(1)} s`,
  ])
  const full = join(folder, 'full')
  const before = await startNetwork({ folder: full })
  await warm(before)
  await before.stop()
  fillOpen(full, 'sg', 100_000)
  const crowded = await startNetwork({ folder: full })
  extremes.push([
    'killed with 100,000 open',
    `first payment after ${(await restart(crowded)).toFixed(1)} s`,
  ])
  await crowded.stop()
}

function report(perPayment: PerPayment, counted: Partial<Record<WorkloadName, PerPayment>>) {
  const ratio = (one: number, other: number) => Number((one / other).toFixed(3))
  const pay = of('pay')
  const figures = {
    ratios: {
      payToNaive: ratio(pay.perSecond, of('naive').perSecond),
      payToGrouped: ratio(pay.perSecond, of('grouped').perSecond),
      payP50ToNaive: ratio(pay.p50, of('naive').p50),
      payToSworn: ratio(pay.perSecond, of('sworn').perSecond),
      payToPlainD1: ratio(pay.perSecond, of('plainD1').perSecond),
      quoteToHello: ratio(of('quote').perSecond, of('signed').perSecond),
      askedQuoteToHello: ratio(of('askedQuote').perSecond, of('signed').perSecond),
    },
    perPayment: {
      ...perPayment,
      usdPerMillion: Number(
        usdPerMillion({ ...perPayment, cpuMs: pay.cpuMicros / 1_000 }).toFixed(2),
      ),
      cpuMicros: Math.round(pay.cpuMicros),
    },
    paymentsPerSecond: Math.round(pay.perSecond),
    backlogSeconds: Number(pay.backlogSeconds.toFixed(1)),
    seconds: Math.round((performance.now() - began) / 1_000),
  }
  if (json) {
    const every = [...rows.values()].map(({ name, connections, runs }) => ({
      name,
      connections,
      ...median(runs),
    }))
    console.log(JSON.stringify(quick ? figures : { ...figures, rows: every, counted, extremes }))
    return
  }
  const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim()}, Node ${process.version}, data ${values.tmpfs ? 'in memory' : 'on disk'}`
  const ms = (value: number) => value.toFixed(1)
  const lines = [...rows.values()].map(({ name, connections, runs }) => {
    const run = median(runs)
    return [
      name,
      `${connections || '-'}`,
      run.perSecond.toFixed(0),
      ms(run.p50),
      ms(run.p95),
      ms(run.p99),
      run.cpuMicros.toFixed(0),
      run.responderMicros.toFixed(0),
      run.backlogSeconds.toFixed(1),
      `${run.failed}`,
    ]
  })
  const heads = [
    '',
    'conns',
    '/s',
    'p50 ms',
    'p95 ms',
    'p99 ms',
    'CPU µs',
    'members µs',
    'backlog s',
    'failed',
  ]
  console.log(`${new Date().toISOString().slice(0, 10)}, ${machine}\n`)
  for (const line of table(heads, lines)) console.log(line)
  console.log()
  const uses = Object.entries(counted).map(([name, use]) => [
    name,
    ...[use.rowsWritten, use.laneRows, use.objectCalls, use.queueOperations].map(value =>
      value.toFixed(2),
    ),
  ])
  const used = ['each uses', 'rows', 'of them in lanes', 'object calls', 'queue operations']
  for (const line of table(used, uses)) console.log(line)
  console.log()
  for (const [name, value] of extremes) console.log(`${name.padEnd(26)} ${value}`)
  console.log()
  const { date, ratios, perPayment: before } = baseline.quick
  const beside = (now: object, then: Readonly<Record<string, number>>) =>
    Object.entries(now).map(([name, value]) => [name, `${value}`, `${then[name] ?? '-'}`])
  const compared = [...beside(figures.ratios, ratios), ...beside(figures.perPayment, before)]
  for (const line of table(['', 'now', date], compared, ['left', 'right', 'right']))
    console.log(line)
}
