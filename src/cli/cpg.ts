/** `npm run --silent cpg -- …`: the command line's table of contents. Exit codes: 0 done, 1 refused, 2 used wrongly. */
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { Command, CommanderError, Option } from 'commander'
import { addAudit } from './audit.ts'
import { type CommandResult, explainCommand, explainLines, writeCommand } from './codes.ts'
import { type DrawFormat, type Drawn, drawCommand, drawFormats, pictureOf } from './draw.ts'
import { familiesText } from './families.ts'
import { addOps } from './ops.ts'
import { Refused } from './ops-call.ts'
import { keysAt, receiptIn, verifyCommand } from './receipt.ts'
import { statusLine } from './status-line.ts'

const WRONG_USE = 2
/** The gateway of the box. */
const BOX = 'http://127.0.0.1:8787'

/** A reader that has seen enough (`| head`) is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

const program = new Command('cpg')
  .description('OpenCPG on the command line')
  .showHelpAfterError('Try the same with --help.')
  .exitOverride()
const codes = program.command('codes').description('explain, write and draw payment codes')

codes
  .command('explain')
  .description('say what a code is, field by field')
  .argument('[payload]', 'what a scanner read; - reads it from standard input')
  .option('--json', 'the whole reading as one JSON object')
  .option('--jsonl', 'one JSON string per line in, one JSON object per line out')
  .action(async (payload: string | undefined, { json = false, jsonl = false }) => {
    if (jsonl) return explainLines(process.stdin, process.stdout)
    print(explainCommand(await payloadOf(payload), json))
  })

codes
  .command('write')
  .description('write a code; `cpg codes families` lists schemes and their fields')
  .argument('<scheme>', 'a family of merchant codes, as promptpay, or a format, as upi')
  .argument('[name=value...]', 'amount=120.00 merchantName="Mae Nok" 62.05=TABLE-7 …')
  .action((scheme: string, pairs: string[]) => {
    const result = writeCommand(scheme, pairs)
    print(result, 'See the fields of every scheme with: npm run --silent cpg -- codes families')
  })

codes
  .command('draw')
  .description('draw a valid payload as a QR symbol')
  .argument('[payload]', 'what the symbol shall say; - reads it from standard input')
  .addOption(new Option('--format <kind>', 'kind of picture').choices(drawFormats))
  .option('--out <file>', 'write the picture to a file; its ending chooses the kind')
  .option('--force', 'draw what is not valid too, to test scanners')
  .action(async (payload: string | undefined, { format, out, force = false }) => {
    await show(await drawCommand(await payloadOf(payload), kindOf(format, out), force), out)
  })

codes
  .command('families')
  .description('list the schemes that can be written, with their fields')
  .action(() => console.log(familiesText()))

const receipts = program.command('receipt').description('verify and draw receipts')

receipts
  .command('verify')
  .description('say whether a receipt is the gateway’s, and what it says; no network is needed')
  .argument(
    '[receipt]',
    'its text, a file with it, or a PNG of its QR code; - reads its text from a pipe',
  )
  .option('--keys <place>', 'published keys: a file, or the address of a gateway', BOX)
  .option('--json', 'everything as one JSON object')
  .action(async (given: string | undefined, { keys, json = false }) => {
    const verdict = async () =>
      verifyCommand(await receiptIn(await payloadOf(given)), await keysAt(keys), json)
    const result = await verdict().catch(refused)
    if (result !== undefined) print(result)
  })

receipts
  .command('draw')
  .description('draw a receipt as a QR symbol')
  .argument('[receipt]', 'its text, or a file with it; - reads its text from a pipe')
  .addOption(new Option('--format <kind>', 'kind of picture').choices(drawFormats))
  .option('--out <file>', 'write the picture to a file; its ending chooses the kind')
  .action(async (given: string | undefined, { format, out }) => {
    const picture = async () =>
      pictureOf(await receiptIn(await payloadOf(given)), kindOf(format, out))
    const drawn = await picture().catch(refused)
    if (drawn !== undefined) await show(drawn, out)
  })

program
  .command('verify')
  .description('derive everything anew from the journals, and name what does not agree')
  .argument('<books>', 'a data folder, as .data, or a journal that was exported')
  .option('--anchors <file>', 'an answer of GET /v1/anchors that a member has kept')
  .option('--json', 'everything as one JSON object')
  .action(async (path: string, { anchors, json = false }) => {
    const { verifiedText, verify } = await verifying()
    const line = statusLine()
    const verified = await verify(path, anchors, line.show).catch(refused)
    line.clear()
    if (verified === undefined) return
    console.log(json ? JSON.stringify(verified, null, 2) : verifiedText(verified))
    process.exitCode = verified.ok ? 0 : 1
  })

program
  .command('journal')
  .description('export the journal of a lane, for an auditor to verify')
  .argument('<folder>', 'a data folder, as .data')
  .argument('<lane>', 'its name, as 102:1:0; without one that is there, they are listed')
  .option('--out <file>', 'write to a file instead of standard output')
  .action(async (folder: string, lane: string, { out }) => {
    const { exportJournal } = await verifying()
    const lines = await exportJournal(folder, lane).catch(refused)
    if (lines !== undefined) await pipeline(lines, out ? createWriteStream(out) : process.stdout)
  })

/** Most of what there is, and half a second to read: only those who verify wait for it. */
const verifying = () => import('./verify.ts')

/** What was asked for, or what the file's name says. */
const kindOf = (format: DrawFormat | undefined, out: string | undefined): DrawFormat =>
  format ?? drawFormats.find(each => out?.toLowerCase().endsWith(`.${each}`)) ?? 'terminal'

async function show(drawn: Drawn, out: string | undefined) {
  if (!drawn.ok) print({ text: drawn.problem, exitCode: 1 }, '')
  else if (out === undefined) process.stdout.write(drawn.picture)
  else await writeFile(out, drawn.picture)
}

/** What cannot be done is said on standard error, and ends with 1. */
function refused(error: Error): undefined {
  print({ text: error.message, exitCode: 1 }, '')
}

/** A trailing line break of a pipe is no part of the payload. */
async function payloadOf(argument: string | undefined): Promise<string> {
  if (argument !== undefined && argument !== '-') return argument
  if (argument === undefined && process.stdin.isTTY) {
    program.error('No payload was given. Put it in single quotes, or pipe it in.')
  }
  return (await text(process.stdin)).replace(/\r?\n$/, '')
}

/** What was asked for goes to standard output; a refusal to standard error, with what to do about it. */
function print({ text: says, exitCode }: CommandResult, next?: string): void {
  if (exitCode === 0 || next === undefined) console.log(says)
  else console.error(next === '' ? says : `${says}\n${next}`)
  process.exitCode = exitCode
}

addOps(program)
addAudit(program)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof Refused) {
    refused(error)
    process.exit()
  }
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : WRONG_USE
}
