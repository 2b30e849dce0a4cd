/** `cpg audit verify`: the audit chain, fetched and computed anew here, so that nobody's word is taken for it. */
import type { Command } from 'commander'
import { AUDIT_START, type AuditEntry, faultIn, textOf } from '../domain/audit.ts'
import { hexOf, sha256 } from '../trust/digest.ts'
import type { AuditEntryView } from '../wire/ops-audit.ts'
import { type Account, accountOf, call, Refused } from './ops-call.ts'
import { type Shared, shared } from './ops-shared.ts'

/** Entries asked for at once. */
const PAGE = 200

interface Kept {
  readonly seq: number
  readonly hash: string
}

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('the audit chain of the staff')
  shared(
    audit
      .command('verify')
      .description('compute the audit chain anew, from its beginning or from what you kept'),
  )
    .option('--from <seq>', 'an entry whose hash you kept, as the log has it')
    .option('--hash <hex>', 'its hash')
    .action(async ({ from, hash, ...options }: Shared & { from?: string; hash?: string }) => {
      if ((from === undefined) !== (hash === undefined))
        throw new Refused('--from and --hash go together.')
      const kept = from === undefined ? AUDIT_START : { seq: Number(from), hash: hash ?? '' }
      const verified = await verify(await accountOf(options), kept)
      if (options.json === true) console.log(JSON.stringify(verified))
      else console.log(verified.says)
      process.exitCode = verified.ok ? 0 : 1
    })
}

interface Verified extends Kept {
  readonly ok: boolean
  readonly entries: number
  readonly says: string
}

async function verify(account: Account, kept: Kept): Promise<Verified> {
  const entries = await entriesAfter(account, kept.seq)
  if (kept.seq > 0) {
    const first = entries.shift()
    if (first?.seq !== kept.seq || first.hash !== kept.hash) {
      const says = `Entry ${kept.seq} is not the one that was kept: the chain was cut off or written anew.`
      return { ok: false, entries: 0, ...kept, says }
    }
  }
  const hashes: string[] = []
  for (const [place, entry] of entries.entries()) {
    const text = textOf(entries[place - 1]?.hash ?? kept.hash, entry.seq, entry)
    hashes.push(hexOf(await sha256(new TextEncoder().encode(text))))
  }
  const fault = faultIn(kept, entries, hashes)
  const good =
    (fault === null ? entries.at(-1) : entries.findLast(({ seq }) => seq < fault.seq)) ?? kept
  const { seq, hash } = good
  const says =
    fault === null
      ? `${entries.length} entries follow from each other.\nKeep this: entry ${seq}, hash ${hash}`
      : `Entry ${fault.seq} ${fault.fault === 'gap' ? 'is missing' : 'was altered'}; what follows from the beginning ends at ${seq}.`
  return { ok: fault === null, entries: entries.length, seq, hash, says }
}

/** Oldest first, the one that was kept included. */
async function entriesAfter(account: Account, seq: number): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = []
  let cursor = ''
  for (;;) {
    const path = `/audit?limit=${PAGE}${cursor}`
    const page = await call<{ data: AuditEntryView[]; nextCursor: string | null }>(
      account,
      'GET',
      path,
    )
    entries.push(...page.data.map(entryOf))
    const isPast = (entries.at(-1)?.seq ?? 0) <= Math.max(seq, 1)
    if (isPast || page.nextCursor === null) break
    cursor = `&cursor=${page.nextCursor}`
  }
  return entries.filter(entry => entry.seq >= Math.max(seq, 1)).reverse()
}

const entryOf = ({ at, ...entry }: AuditEntryView): AuditEntry =>
  ({ ...entry, at: Date.parse(at) }) as AuditEntry
