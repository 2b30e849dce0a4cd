/**
 * `npm run bench -- scale [--quick] [--json]`: does it cost more to have more? More institutions in the directory, more
 * payments in the past of a lane: each beside the least of its kind in the same run, in turns.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { table } from '../../src/cli/table.ts'
import { readLine } from '../command.ts'
import { countPayments } from './counts.ts'
import { admitCrowd, crowdMember } from './crowd.ts'
import { fillHistory } from './history.ts'
import { type Measured, measure, median } from './measure.ts'
import { type Network, startNetwork } from './network.ts'
import { onPaper } from './on-paper.ts'
import { payments, workloads } from './workloads.ts'

const { values } = readLine('npm run bench -- scale', {
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const { quick, json } = values
const folder = mkdtempSync(join(tmpdir(), 'opencpg-scale-'))
const tell = (line: string) => process.stderr.write(`${line}\n`)
const ROUNDS = quick ? 2 : 3
const SECONDS = quick ? 3 : 5
const MODEL = 'wallet-th'
/** The load goes over as many institutions whatever the directory holds, so that only its size differs. */
const BUSY = 10
const INSTITUTIONS = quick ? [10, 1_000] : [10, 1_000, 10_000]
const HISTORY = quick ? 1_000_000 : 10_000_000

const rows: { what: string; run: Measured; ratio: number }[] = []

function keep(what: string, runs: Measured[], first: Measured[]) {
  const run = median(runs)
  rows.push({ what, run, ratio: run.perSecond / median(first).perSecond })
}

async function pay(network: Network, by: (index: number) => string): Promise<Measured> {
  const calls = await payments(network, by, SECONDS * 700)
  const run = await measure(network, workloads.pay, { connections: 32, seconds: SECONDS }, calls)
  tell(`    ${run.perSecond.toFixed(0)}/s, p50 ${run.p50.toFixed(1)} ms`)
  return run
}

/** Side by side and in turns: A B A B. */
async function inTurns(
  networks: readonly Network[],
  by: (index: number) => string,
): Promise<Measured[][]> {
  const runs: Measured[][] = networks.map(() => [])
  // The first run of each is there to compile and to make the lanes.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, network] of networks.entries()) {
      const run = await pay(network, by)
      if (round > 0) runs[index]?.push(run)
    }
  }
  return runs
}

async function overInstitutions() {
  tell('institutions')
  const networks: Network[] = []
  for (const count of INSTITUTIONS) {
    const network = await startNetwork({ folder: join(folder, `institutions-${count}`) })
    await admitCrowd(await network.gateway.directory(), MODEL, count)
    networks.push(network)
    tell(`  ${count} institutions admitted`)
  }
  // An edge knows a directory that is five seconds old.
  await new Promise(done => setTimeout(done, 6_000))
  const runs = await inTurns(networks, index => crowdMember(index % BUSY, MODEL))
  for (const [index, count] of INSTITUTIONS.entries()) {
    keep(`${count.toLocaleString('en')} institutions`, runs[index] ?? [], runs[0] ?? [])
  }
  for (const network of networks) await network.stop()
}

async function overHistory() {
  tell('history')
  const bare = await startNetwork({ folder: join(folder, 'bare') })
  const old = join(folder, 'old')
  const before = await startNetwork({ folder: old })
  // Lanes are made by their first payments.
  await pay(before, () => MODEL)
  await before.stop()
  const bytes = fillHistory(old, 'sg', HISTORY)
  tell(`  ${HISTORY.toLocaleString('en')} old payments, ${(bytes / 1e9).toFixed(1)} GB`)
  const filled = await startNetwork({ folder: old })
  const runs = await inTurns([bare, filled], () => MODEL)
  keep('no past payments', runs[0] ?? [], runs[0] ?? [])
  keep(`${HISTORY.toLocaleString('en')} past payments`, runs[1] ?? [], runs[0] ?? [])
  await bare.stop()
  await filled.stop()
}

async function overLanes() {
  tell('lanes')
  const lanes = quick ? [1, 4] : [1, 4, 16]
  const networks: Network[] = []
  const kinds = [false, true].flatMap(inProcesses => lanes.map(count => ({ count, inProcesses })))
  for (const { count, inProcesses } of kinds) {
    const own = join(folder, `lanes-${count}-${inProcesses ? 'two' : 'one'}`)
    const network = await startNetwork({ folder: own, inProcesses })
    const directory = await network.gateway.directory()
    await directory.batch([
      directory.prepare('UPDATE epochs SET lanes = ?').bind(count),
      directory.prepare('UPDATE directory_version SET version = version + 1'),
    ])
    networks.push(network)
  }
  await new Promise(done => setTimeout(done, 6_000))
  const runs = await inTurns(networks, () => MODEL)
  for (const [index, { count, inProcesses }] of kinds.entries()) {
    const where = inProcesses ? ', edge and center in two processes' : ''
    keep(`${count} ${count === 1 ? 'lane' : 'lanes'}${where}`, runs[index] ?? [], runs[0] ?? [])
  }
  for (const network of networks) await network.stop()
}

try {
  await overLanes()
  await overInstitutions()
  await overHistory()
  tell('counting what one payment uses')
  const counts = await countPayments(join(folder, 'counted'), quick ? 200 : 600)
  const [oneLane] = rows
  if (oneLane === undefined) throw new Error('nothing was measured')
  const paper = onPaper({
    ...counts,
    cpuMs: oneLane.run.cpuMicros / 1_000,
    perLane: oneLane.run.perSecond,
  })
  if (json) {
    const figures = rows.map(({ what, run, ratio }) => ({
      what,
      perSecond: Math.round(run.perSecond),
      p50: Number(run.p50.toFixed(1)),
      ratio: Number(ratio.toFixed(3)),
    }))
    console.log(
      JSON.stringify({
        scale: figures,
        paper: Object.fromEntries(paper.map(([what, much]) => [what, much])),
      }),
    )
  } else {
    const lines = rows.map(({ what, run, ratio }) => [
      what,
      run.perSecond.toFixed(0),
      run.p50.toFixed(1),
      run.cpuMicros.toFixed(0),
      ratio.toFixed(2),
    ])
    for (const line of table(['', 'payments/s', 'p50 ms', 'CPU µs', 'ratio'], lines))
      console.log(line)
    console.log('\nOn paper, from these figures:\n')
    for (const line of table(
      ['', 'needed', 'because'],
      paper.map(row => [...row]),
    ))
      console.log(line)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
