/** The audit chain: what the staff did and was not let do, and whether the chain still holds. */
import { useState } from 'preact/hooks'
import type { z } from 'zod'
import type { auditEntrySchema, auditVerifiedSchema } from '../../wire/ops-audit.ts'
import { Refused, read, type Problem as Said } from '../api.ts'
import { instant } from '../format.ts'
import { useLoaded } from '../load.ts'
import { AuditDetail } from '../parts/audit-detail.tsx'
import { type ListAnswer, Listing } from '../parts/listing.tsx'
import { Problem } from '../parts/problem.tsx'
import { useTurning } from '../parts/turn.tsx'
import { t } from '../store.ts'
import { wordOf } from '../texts/words.ts'

type Entry = z.infer<typeof auditEntrySchema>
type Verified = z.infer<typeof auditVerifiedSchema>

export function Audit() {
  const text = t().audit
  const turning = useTurning()
  const { cursor } = turning
  const loaded = useLoaded(
    () => read<ListAnswer<Entry>>('/ops/v1/audit', { limit: 100, cursor }),
    [cursor],
    turning.everyMs(5_000),
  )
  return (
    <>
      <h1>{t().views.audit}</h1>
      <Verify />
      <Listing
        label={t().views.audit}
        loaded={loaded}
        turning={turning}
        heads={['#', text.at, text.by, text.action, text.subject, text.outcome, text.hash]}
        row={each => (
          <tr key={each.seq}>
            <td>{each.seq}</td>
            <td>{instant(each.at)}</td>
            <td>
              {each.by.name}{' '}
              <span class="soft">
                {each.roles.map(role => wordOf(t().words.roles, role)).join(', ')}
              </span>
            </td>
            <td class="wrap" title={each.action}>
              {wordOf(t().words.actions, each.action)}
              <AuditDetail detail={each.detail} />
            </td>
            <td class="wrap">{each.subject}</td>
            <td>
              <span
                class={`status ${classes[each.outcome] ?? 'F'}`}
                title={wordOf(t().words.codes, each.outcome)}
              >
                {outcomeText(each.outcome)}
              </span>
            </td>
            <td>
              <code title={each.hash}>{each.hash.slice(0, 10)}</code>
            </td>
          </tr>
        )}
      />
    </>
  )
}

/** Whatever else it is, it was refused. */
const classes: Readonly<Record<string, string>> = { done: 'S', begun: 'U' }

function outcomeText(outcome: string): string {
  const { done, begun } = t().audit
  if (outcome === 'done') return done
  return outcome === 'begun' ? begun : outcome
}

function Verify() {
  const text = t().audit
  const [verified, setVerified] = useState<Verified | null>(null)
  const [problem, setProblem] = useState<Said | null>(null)
  /** Ten thousand entries a call, until the end or the first fault. */
  const verify = async () => {
    setProblem(null)
    try {
      let found = await read<Verified>('/ops/v1/audit/verify')
      setVerified(found)
      while (found.ok && found.more) {
        found = await read<Verified>('/ops/v1/audit/verify', { from: found.seq, hash: found.hash })
        setVerified(found)
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    }
  }
  return (
    <div class="pages">
      <button type="button" class="button" onClick={() => void verify()}>
        {text.verify}
      </button>
      <output aria-live="polite">
        {verified?.ok && text.holds(verified.seq, verified.hash.slice(0, 16))}
        {verified !== null && !verified.ok && text.broken(verified.fault?.seq ?? 0)}
      </output>
      {problem !== null && <Problem problem={problem} />}
    </div>
  )
}
