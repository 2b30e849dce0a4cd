/** `npm run demo`: every scenario once, on real code payloads, over the whole network; exits 0 only if all ended as they must. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { amountText } from '../cli/amount.ts'
import { table } from '../cli/table.ts'
import { startBox } from './box.ts'
import type { Ending, Scenario } from './plays.ts'
import { scenarios } from './scenarios.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})

/** Progress goes to standard error, so that what is piped is the result alone. */
const tell = (line: string) => process.stderr.write(`${line}\n`)

interface Row {
  readonly scenario: string
  readonly ok: boolean
  readonly status: string
  readonly resultCode: string
  readonly payer: { currency: string; minor: string } | null
  readonly payee: { currency: string; minor: string } | null
  /** One whole unit of the payee's currency in the payer's; null without exchange. */
  readonly rate: string | null
  readonly paymentId: string | null
  readonly ms: number
}

async function rowOf(name: string, ms: number, play: Promise<Ending>): Promise<Row> {
  const { ok, status, resultCode, quote, payment } = await play
  return {
    scenario: name,
    ok,
    status,
    resultCode,
    payer: payment?.payer ?? quote?.payer ?? null,
    payee: payment?.payee ?? quote?.payee ?? null,
    rate: (payment ?? quote)?.rate?.value ?? null,
    paymentId: payment?.paymentId ?? null,
    ms,
  }
}

async function timed({ name, play }: Scenario, box: Awaited<ReturnType<typeof startBox>>) {
  const began = performance.now()
  const ended = await play(box).catch(
    (error: unknown): Ending => ({
      ok: false,
      status: 'none',
      resultCode: String(error),
      quote: null,
      payment: null,
    }),
  )
  const row = await rowOf(name, Math.round(performance.now() - began), Promise.resolve(ended))
  tell(`  ${row.ok ? styleText('green', '✓') : styleText('red', '✗')} ${name}`)
  return row
}

const folder = await mkdtemp(join(tmpdir(), 'opencpg-demo-'))
tell('Starting the network: three centers, five wallets, five acquirers.')
const box = await startBox({
  folder,
  progress: step => tell(`  ${step}`),
  ...(values.verbose ? { log: tell } : {}),
})
const rows: Row[] = []
try {
  tell('Playing the scenarios; those that wait for a deadline of 15 seconds run beside the others.')
  const waiting = scenarios.filter(({ slow }) => slow).map(scenario => timed(scenario, box))
  // Their faults are for the first call only, and that one must be their own.
  await new Promise(done => setTimeout(done, 1_500))
  for (const scenario of scenarios.filter(({ slow }) => !slow)) {
    rows.push(await timed(scenario, box))
  }
  rows.push(...(await Promise.all(waiting)))
} finally {
  await box.stop()
  await rm(folder, { recursive: true, force: true })
}

if (values.json) {
  console.log(JSON.stringify(rows, null, 2))
} else {
  console.log()
  const lines = table(
    ['', 'Scenario', 'Payer pays', 'Rate', 'Merchant gets', 'Result', 'ms'],
    rows.map(row => [
      row.ok ? '✓' : '✗',
      row.scenario,
      row.payer === null ? '–' : amountText(row.payer),
      row.rate === null ? '–' : Number(row.rate).toPrecision(6),
      row.payee === null ? '–' : amountText(row.payee),
      row.resultCode,
      String(row.ms),
    ]),
    ['left', 'left', 'right', 'right', 'right', 'left', 'right'],
  )
  console.log(lines.join('\n'))
  const bad = rows.filter(row => !row.ok).length
  console.log()
  console.log(
    bad === 0 ? `All ${rows.length} ended as they must.` : `${bad} did not end as they must.`,
  )
}
process.exitCode = rows.every(row => row.ok) ? 0 : 1
