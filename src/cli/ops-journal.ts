/** `cpg ops journal`: a lane's journal from a running gateway, as the file that `cpg verify` reads. */
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import type { JournalPage } from '../wire/ops-journal.ts'
import { print, type Shared, shared } from './ops-shared.ts'

export function addJournal(ops: Command): void {
  shared(
    ops
      .command('journal')
      .description('hand over the journal of a lane, to be verified with cpg verify')
      .argument('<lane>', 'its name, as 102:1:0; a payment’s page says it')
      .option('--out <file>', 'write to a file instead of standard output'),
  ).action(async (lane: string, options: Shared & { out?: string }) => {
    const { out } = options
    await pipeline(
      linesOf(lane, options),
      out === undefined ? process.stdout : createWriteStream(out),
    )
  })
}

async function* linesOf(lane: string, options: Shared): AsyncGenerator<string> {
  const line = (value: object) => `${JSON.stringify(value)}\n`
  for (let after: number | null = 0; after !== null; ) {
    const path = `/lanes/${encodeURIComponent(lane)}/journal?after=${after}`
    const page: JournalPage = await print.asked<JournalPage>(options, 'GET', path)
    const { center, proof, rows } = page
    if (after === 0) yield line({ file: 'opencpg-journal', v: 1, center, lane, journalOnly: true })
    for (const anchors of proof?.anchors ?? []) yield line({ anchors })
    for (const memberKey of proof?.memberKeys ?? []) yield line({ memberKey })
    for (const gatewayKey of proof?.gatewayKeys ?? []) yield line({ gatewayKey })
    for (const journal of rows) yield line({ journal })
    after = page.next
  }
}
