/**
 * `npm run bench -- watchers [--watchers N] [--rounds N] [--seconds N] [--events N]`: what an audience costs.
 *
 * A gateway in workerd, payments of one hot wallet, and by turns nobody or a thousand people watching the monitor of its
 * center over real WebSockets. Each turn measures payments a second as fast as they go, and their latency at an even
 * pace that makes the monitor count so many events a second. Turns alternate, because a shared machine drifts.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { table } from '../../src/cli/table.ts'
import { readLine } from '../command.ts'
import { type Audience, type AudienceReport, startAudience } from './audience.ts'
import { cpuMicros } from './cost.ts'
import { type Measured, measure } from './measure.ts'
import { type Network, startNetwork } from './network.ts'
import { workloads } from './workloads.ts'

const { values } = readLine('npm run bench -- watchers', {
  options: {
    watchers: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '4' },
    events: { type: 'string', default: '500' },
    json: { type: 'boolean', default: false },
  },
})
const numberOf = (name: 'watchers' | 'rounds' | 'seconds' | 'events', most: number) => {
  const value = Number(values[name])
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  console.error(`--${name} takes 1 to ${most}`)
  process.exit(2)
}
const watchers = numberOf('watchers', 2_000)
const rounds = numberOf('rounds', 50)
const seconds = numberOf('seconds', 60)
const eventsWanted = numberOf('events', 5_000)

/** Where the hot wallet of the workload is at home. */
const CENTER = 'sg'
const CONNECTIONS = 32
/** So many times what was last paid in a second is at hand for the next turn. */
const AT_HAND = 1.6
const tell = (line: string) => process.stderr.write(`${line}\n`)

/** Events that one payment makes, measured before the first turn; payments a second, in the last one. */
let perPayment = 1
let fastest = 0

interface Turn {
  /** As fast as they go. */
  readonly full: Measured
  /** At an even pace. */
  readonly paced: Measured
  /** Events that the monitor was told of, a second. */
  readonly events: number
  readonly heard: AudienceReport | null
  /** CPU of the audience's own process for each second, in microseconds. */
  readonly audienceMicros: number
}

/** Events that the lanes of the center have told so far. */
async function eventsOf({ gateway }: Network): Promise<number> {
  const row = await (await gateway.projection(CENTER))
    .prepare('SELECT sum(seq) AS events FROM lane_progress')
    .first<{ events: number | null }>()
  return row?.events ?? 0
}

async function play(network: Network, audience: Audience, isWatched: boolean): Promise<Turn> {
  const rate = eventsWanted / perPayment
  const fullCalls = await workloads.pay.prepare(network, Math.ceil(seconds * fastest * AT_HAND))
  const pacedCalls = await workloads.pay.prepare(network, Math.ceil(seconds * rate * 1.3))
  if (isWatched) await audience.come(watchers)
  const audienceBefore = cpuMicros(audience.pid)
  const began = performance.now()
  const full = await measure(
    network,
    workloads.pay,
    { connections: CONNECTIONS, seconds },
    fullCalls,
  )
  fastest = Math.max(fastest, full.perSecond)
  const before = await eventsOf(network)
  const paced = await measure(network, workloads.pay, { connections: 0, seconds, rate }, pacedCalls)
  const events = ((await eventsOf(network)) - before) / seconds
  const heard = isWatched ? await audience.report() : null
  const took = (performance.now() - began) / 1_000
  const audienceMicros = (cpuMicros(audience.pid) - audienceBefore) / took
  if (isWatched) await audience.leave()
  return { full, paced, events, heard, audienceMicros }
}

async function run(network: Network, audience: Audience) {
  const turns: { without: Turn[]; with: Turn[] } = { without: [], with: [] }
  const first = await eventsOf(network)
  // Code that is new to V8 runs several times slower than code it has compiled.
  const warm = await workloads.pay.prepare(network, 1_000)
  const { good, perSecond } = await measure(
    network,
    workloads.pay,
    { connections: CONNECTIONS, seconds: 30 },
    warm,
  )
  fastest = perSecond
  perPayment = Math.max((await eventsOf(network)) - first, 1) / good
  for (let round = 0; round < rounds; round += 1) {
    for (const side of ['without', 'with'] as const) {
      const turn = await play(network, audience, side === 'with')
      turns[side].push(turn)
      const { full, paced, events } = turn
      tell(
        `${round + 1} ${side.padEnd(8)} ${full.perSecond.toFixed(0)}/s; at ${events.toFixed(0)} events/s p50 ${paced.p50.toFixed(1)} ms`,
      )
    }
  }
  return turns
}

function middle(list: readonly number[]): number {
  const sorted = list.toSorted((one, other) => one - other)
  const at = (place: number) => sorted[place] ?? Number.NaN
  return (at(Math.floor((sorted.length - 1) / 2)) + at(Math.ceil((sorted.length - 1) / 2))) / 2
}

const rows: readonly (readonly [string, number, (turn: Turn) => number])[] = [
  [`payments a second, ${CONNECTIONS} at a time`, 0, ({ full }) => full.perSecond],
  ['  p50 ms', 1, ({ full }) => full.p50],
  ['  p99 ms', 1, ({ full }) => full.p99],
  ['  CPU of the gateway for each, µs', 0, ({ full }) => full.cpuMicros],
  ['events a second, at an even pace', 0, ({ events }) => events],
  ['  p50 ms', 1, ({ paced }) => paced.p50],
  ['  p95 ms', 1, ({ paced }) => paced.p95],
  ['  p99 ms', 1, ({ paced }) => paced.p99],
  ['  CPU of the gateway for each, µs', 0, ({ paced }) => paced.cpuMicros],
  ['CPU of the audience, ms a second', 0, ({ audienceMicros }) => audienceMicros / 1_000],
]

function print(turns: Awaited<ReturnType<typeof run>>) {
  const lines = rows.map(([name, digits, pick]) => {
    const [without, watched] = [middle(turns.without.map(pick)), middle(turns.with.map(pick))]
    // Of two turns beside each other, so that the machine's drift is in both.
    const ratios = turns.with.map((turn, at) => pick(turn) / pick(turns.without[at] ?? turn))
    const said = [middle(ratios), Math.min(...ratios), Math.max(...ratios)]
    const [ratio = '', least, most] = said.map(each => each.toFixed(2))
    const compared = name.startsWith('CPU of the audience') ? ['', ''] : [ratio, `${least}–${most}`]
    return [name, without.toFixed(digits), watched.toFixed(digits), ...compared]
  })
  for (const line of table(['', 'Without', `With ${watchers}`, 'Ratio', 'from–to'], lines))
    console.log(line)
  const heard = turns.with.flatMap(turn => turn.heard ?? [])
  const sum = (pick: (report: AudienceReport) => number) =>
    heard.reduce((all, report) => all + pick(report), 0)
  const messages = sum(report => report.messages)
  const stayed = Math.min(...heard.map(({ alive }) => alive))
  const costs = turns.with.map(({ paced }, at) => {
    const more = paced.cpuMicros - (turns.without[at]?.paced.cpuMicros ?? Number.NaN)
    return (more * eventsWanted) / perPayment / 1_000
  })
  const failed = (list: readonly Turn[]) =>
    list.reduce((all, { full, paced }) => all + full.failed + paced.failed, 0)
  console.log(
    [
      '',
      `${rounds} turns of each kind, one after the other on ${availableParallelism()} cores that gateway, members, load and audience share; the middle of each.`,
      `Ratios are the middle of those of neighbouring turns. The even pace is ${(eventsWanted / perPayment).toFixed(0)} payments a second, ${perPayment.toFixed(1)} events each.`,
      `At that pace the audience costs the gateway ${middle(costs).toFixed(0)} ms of CPU a second (${Math.min(...costs).toFixed(0)} to ${Math.max(...costs).toFixed(0)}).`,
      `The audience heard ${messages.toLocaleString('en')} messages of ${(sum(report => report.bytes) / messages / 1_000).toFixed(1)} kB, half of them ${middle(heard.map(({ lateP50 }) => lateP50))} ms after the monitor's second, of a hundred the slowest ${middle(heard.map(({ lateP99 }) => lateP99))} ms; ${stayed} of ${watchers} stayed to the end.`,
      `Payments that were shed or lost: ${failed(turns.without)} without, ${failed(turns.with)} with.`,
    ].join('\n'),
  )
  return stayed === watchers
}

const folder = await mkdtemp(join(tmpdir(), 'opencpg-bench-'))
const network = await startNetwork({ folder, isStaffed: true })
const audience = await startAudience(network.port, `/ops/v1/live?center=${CENTER}`, {
  'cf-access-jwt-assertion': await network.tokenOf('viet'),
  'cpg-ops': 'bench',
})
let isWell = false
try {
  const turns = await run(network, audience)
  if (values.json) console.log(JSON.stringify({ watchers, eventsWanted, ...turns }))
  isWell = print(turns)
} finally {
  audience.stop()
  await network.stop()
  await rm(folder, { recursive: true, force: true })
}
process.exit(isWell ? 0 : 1)
