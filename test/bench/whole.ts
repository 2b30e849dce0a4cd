/**
 * `npm run bench [-- --quick] [--json] [--tmpfs]`: the gateway beside its floors, on one machine in one run, as ratios.
 *
 * Floors and workloads take turns, because a shared machine drifts by a third within minutes; the middle run of each
 * counts. Only completed payments do: final, told to both sides, and stored in the projection.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLine } from '../command.ts'
import { inMemory, warm, watched } from './besides.ts'
import { countEach } from './counts.ts'
import { diskOf } from './disk.ts'
import { type Floors, floorNames, startFloors } from './floors.ts'
import { killed, killedTold } from './killed.ts'
import { measure } from './measure.ts'
import { type Network, startNetwork } from './network.ts'
import { overload, overloadTold } from './overload.ts'
import { type Extreme, jsonOf, print } from './report.ts'
import { Rows } from './rows.ts'
import { silence, silenceTold } from './silent.ts'
import { type Workload, type WorkloadName, workloads } from './workloads.ts'

const { values } = readLine('npm run bench --', {
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** Keep the data in memory: faster, and gone with the machine. */
    tmpfs: { type: 'boolean', default: false },
  },
})
const { quick, json } = values
const folder = mkdtempSync(join(values.tmpfs ? '/dev/shm' : tmpdir(), 'opencpg-bench-'))
const began = performance.now()
const secondsSoFar = () => (performance.now() - began) / 1_000
const tell = (line: string) =>
  process.stderr.write(`${secondsSoFar().toFixed(0).padStart(4)} s ${line}\n`)
const rows = new Rows(tell)
const extremes: Extreme[] = []

try {
  tell('counting what one payment uses …')
  const counted = await countEach(
    join(folder, 'counted'),
    quick ? ['pay'] : ['pay', 'charge', 'refund', 'quote', 'read'],
    400,
  )
  tell('starting floors and gateway …')
  const floors = await startFloors(
    join(folder, 'floors'),
    floorNames.filter(name => !quick || name !== 'insert'),
  )
  const network = await startNetwork({ folder: join(folder, 'network'), isStaffed: !quick })
  await warm(network, quick ? 400 : 800)
  await (quick ? runQuick(floors, network) : runFull(floors, network))
  await floors.stop()
  await network.stop()
  const outcome = { rows, counted, extremes, seconds: secondsSoFar() }
  if (json) console.log(jsonOf(outcome, quick))
  else print(outcome, values.tmpfs ? 'data in memory' : 'data on disk')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)

/** @param guess how many a second, where that was never measured */
async function load(
  network: Network,
  name: WorkloadName,
  connections: number,
  seconds: number,
  guess: number,
) {
  const workload: Workload = workloads[name]
  const calls = await workload.prepare(network, rows.atHand(name, connections, seconds, guess))
  rows.keep(name, connections, await measure(network, workload, { connections, seconds }, calls))
}

async function runQuick(floors: Floors, network: Network) {
  for (let round = 0; round < 2; round += 1) {
    for (const name of floorNames) {
      if (name !== 'insert') rows.keep(name, 32, await floors.measure(name, 32, 1))
    }
    await load(network, 'pay', 32, 2.5, 450)
    await load(network, 'quote', 32, 1.2, 2_500)
    if (round === 0) await load(network, 'askedQuote', 32, 1.2, 1_200)
  }
}

async function runFull(floors: Floors, network: Network) {
  for (let round = 0; round < 3; round += 1) {
    for (const name of floorNames) rows.keep(name, 32, await floors.measure(name, 32, 2.5))
    await load(network, 'pay', 32, 4, 600)
    await load(network, 'quote', 32, 3, 2_500)
    await load(network, 'askedQuote', 32, 3, 1_500)
  }
  for (const name of ['decode', 'read', 'charge', 'refund', 'many', 'mix'] as const) {
    await load(network, name, 32, 4, name === 'decode' || name === 'read' ? 2_500 : 450)
  }
  for (const connections of [1, 256]) {
    for (const name of ['hello', 'naive', 'grouped'] as const) {
      rows.keep(name, connections, await floors.measure(name, connections, 2))
    }
    const few = connections === 1 ? 0.25 : 1
    await load(network, 'pay', connections, 4, 700 * few)
    await load(network, 'quote', connections, 2, 2_500)
    for (const name of ['charge', 'read', 'refund', 'mix'] as const) {
      await load(network, name, connections, 2, (name === 'read' ? 2_500 : 700) * few)
    }
  }
  for (const name of ['pay', 'charge', 'quote'] as const) await openly(network, name)
  await runExtremes(floors, network)
}

/** Open loop: calls come whether or not those before them are answered. */
async function openly(network: Network, name: WorkloadName) {
  const workload: Workload = workloads[name]
  const [rate, seconds] = [rows.of(name).perSecond * 0.7, name === 'pay' ? 6 : 4]
  const calls = await workload.prepare(network, Math.ceil(rate * seconds * 1.2))
  const run = await measure(network, workload, { connections: 0, seconds, rate }, calls)
  rows.keep(`${name}, open loop at 70 %`, 0, run)
}

async function runExtremes(floors: Floors, network: Network) {
  await extreme('watched by 200', () => watched(network, rows))
  await extreme('in memory, to on disk', () => inMemory(floors, network, rows))
  await extreme('flushes of the disk', async () => flushed())
  const capacity = rows.of('pay').perSecond
  await extreme('3 times capacity, 10 s', async () => {
    const ran = await overload(network, capacity, 10)
    return { figures: ran, says: overloadTold(ran) }
  })
  await extreme('killed with 100,000 open', async () => {
    const ran = await killed(join(folder, 'full'), 100_000)
    return { figures: ran, says: killedTold(ran) }
  })
  // Last, because it leaves behind what members still have to be told.
  await extreme('5 % to a silent member', async () => {
    const ran = await silence(network, capacity)
    return { figures: ran, says: silenceTold(ran) }
  })
}

/** One that cannot be measured must not take the rest of the table with it, and is not left out either. */
async function extreme(name: string, run: () => Promise<Omit<Extreme, 'name'>>) {
  tell(`  ${name} …`)
  const failed = (error: unknown) => ({ figures: null, says: [`not measured: ${error}`] })
  extremes.push({ name, ...(await run().catch(failed)) })
}

/** What the column says, and what it does not. */
function flushed(): Omit<Extreme, 'name'> {
  const disk = diskOf(folder)
  if (disk === null) {
    const instead = 'strace -f -c -e trace=fsync,fdatasync -p <pid of workerd> shows its syncs'
    return { figures: null, says: [`this system counts none for ${folder}; ${instead}`] }
  }
  const { flushesASync } = disk
  const of = (connections: number) => rows.of('pay', connections).flushes?.toFixed(2) ?? '-'
  const says = `for a payment ${of(32)} at 32 connections, ${of(256)} at 256; one sync of a file is ${flushesASync.toFixed(1)}`
  return {
    figures: { flushesASync },
    says: [`${says}; of the whole machine, as Linux counts them`],
  }
}
