/** `npm start`: the network in a box, until Ctrl-C. Its data stays in `.data/`, so the next start goes on from there. */
import { parseArgs, styleText } from 'node:util'
import { table } from '../cli/table.ts'
import { type Box, startBoxWith } from './box.ts'
import { startGateway } from './gateway.ts'
import { startProcesses } from './processes/network.ts'
import { startShift } from './shift.ts'
import { startTraffic } from './traffic.ts'
import { startTroubles } from './troubles.ts'

const usage = `npm start -- [options]
  --port N      port of the gateway (8787); members listen above it
  --data DIR    folder that keeps everything (.data)
  --traffic N   begin N purchases each second (1; 0 for none, and for no sample troubles and staff either)
  --processes   each center and the edge in an operating-system process of its own
  --log         print every line the gateway logs`

function options() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '8787' },
        data: { type: 'string', default: '.data' },
        traffic: { type: 'string', default: '1' },
        log: { type: 'boolean', default: false },
        processes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const port = Number(values.port)
    const traffic = Number(values.traffic)
    if (!Number.isInteger(port) || port < 1 || port > 65_000)
      throw new Error('--port takes 1 to 65000')
    if (!(traffic >= 0 && traffic <= 500)) throw new Error('--traffic takes 0 to 500 a second')
    return { ...values, port, traffic }
  } catch (error) {
    stop(`${error instanceof Error ? error.message : error}\n\n${usage}`, 2)
  }
}

function stop(text: string, code: number): never {
  console.error(text)
  process.exit(code)
}

const { port, data, traffic: perSecond, log, processes, help } = options()
if (help) stop(usage, 0)

const began = performance.now()
console.log(styleText('bold', 'OpenCPG, the network in a box'))
const box = await startBoxWith(
  {
    folder: data,
    port,
    progress: step => console.log(styleText('dim', `  starting ${step}`)),
    ...(log ? { log: (line: string) => console.log(line) } : {}),
  },
  processes ? startProcesses : startGateway,
).catch((error: unknown): never => {
  const text = String(error)
  if (!/EADDRINUSE|address already in use/i.test(text)) throw error
  return stop(
    `Port ${port} or one just above it is taken. Try: npm start -- --port ${port + 1000}`,
    1,
  )
})

console.log(guide(box, Math.round(performance.now() - began)))
const traffic = perSecond > 0 ? startTraffic(box, perSecond) : undefined
const lively = traffic === undefined ? [] : [traffic, startTroubles(box), startShift(box)]
if (traffic !== undefined) {
  console.log(
    [
      `\nTraffic: ${perSecond === 1 ? 'one purchase' : `${perSecond} purchases`} a second, so that no page is empty; some are refused, taken back or refunded.`,
      'Now and then acquirer-my and acquirer-id are silent, answers of acquirer-vn are lost, and wallet-de hears nothing;',
      'and staff of the box steers a little. --traffic 0 for none of it.',
    ].join('\n'),
  )
  const tell = () => console.log(styleText('dim', `  ${JSON.stringify(traffic.counts)}`))
  // Who asked for a little must not be told much.
  if (perSecond > 1) setInterval(tell, 5_000)
}

/** npm passes a Ctrl-C on that the terminal has sent already; only a later one is impatience. */
const IMPATIENT_MS = 1_000
let stoppingSince: number | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // miniflare would end the process at once; the box stops in order, and miniflare still cleans up at the exit.
  process.removeAllListeners(signal)
  process.on(signal, async () => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > IMPATIENT_MS) process.exit(1)
      return
    }
    stoppingSince = performance.now()
    console.log('\nStopping; everything is kept in the data folder.')
    for (const each of lively) each.stop()
    await box.stop()
    process.exit(0)
  })
}

function guide({ gateway, wallets, acquirers }: Box, ms: number): string {
  const members = [...wallets.values(), ...acquirers.values()]
  const rows = members.map(({ id, url, controlUrl }) => [id, url, controlUrl])
  const line = (name: string, address: string) => `  ${name.padEnd(14)} ${address}`
  return [
    '',
    `Ready after ${(ms / 1000).toFixed(1)} s.`,
    '',
    line('Gateway', gateway.url),
    line('Console', `${gateway.url}/console`),
    line('Code lab', `${gateway.url}/lab`),
    line('API reference', `${gateway.url}/reference`),
    line('API document', `${gateway.url}/openapi.json`),
    line('Public keys', `${gateway.url}/.well-known/jwks.json`),
    '',
    ...table(['Member', 'Endpoint', 'Faults at'], rows).map(row => `  ${row}`),
    '',
    'Next, in another terminal:',
    '  npm run demo                                  every scenario once, on a network of its own',
    `  npm run member -- acquirer-th slow 10s${port === 8787 ? '       ' : ` --port ${port}`} make a member misbehave; "well" ends it`,
    '  npm start -- --traffic 5 --log                watch payments cross the network',
  ].join('\n')
}
