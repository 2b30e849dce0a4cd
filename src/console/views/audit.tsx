/** The audit chain: what the staff did and was not let do, and whether the chain still holds. */
import { useState } from 'preact/hooks'
import type { z } from 'zod'
import type { auditVerifiedSchema } from '../../wire/ops-audit.ts'
import { Refused, read, type Problem as Said } from '../api.ts'
import { type DeedRow, deedsAt, isUnended, keyOf } from '../deeds.ts'
import { instant, time } from '../format.ts'
import { useLoaded } from '../load.ts'
import { AuditDetail, outcomeText } from '../parts/audit-detail.tsx'
import { Listing } from '../parts/listing.tsx'
import { Problem } from '../parts/problem.tsx'
import { useTurning } from '../parts/turn.tsx'
import { t } from '../store.ts'
import { wordOf } from '../texts/words.ts'

type Verified = z.infer<typeof auditVerifiedSchema>

export function Audit() {
  const text = t().audit
  const turning = useTurning()
  const { cursor } = turning
  const loaded = useLoaded(
    () => deedsAt(cursor, query => read('/ops/v1/audit', query)),
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
        row={deed => <Row key={keyOf(deed)} {...deed} />}
      />
    </>
  )
}

function Row({ entry, other }: DeedRow) {
  const { seq, at, by, roles, action, subject, outcome, hash } = entry
  return (
    <tr>
      <td>{seq}</td>
      <td>
        {instant(at)}
        <Half entry={entry} other={other} />
      </td>
      <td>
        {by.name}{' '}
        <span class="soft">{roles.map(role => wordOf(t().words.roles, role)).join(', ')}</span>
      </td>
      <td class="wrap" title={action}>
        {wordOf(t().words.actions, action)}
        <AuditDetail entry={entry} other={other} />
      </td>
      <td class="wrap">{subject}</td>
      <td>
        <span class={`status ${classes[outcome] ?? 'F'}`} title={wordOf(t().words.codes, outcome)}>
          {outcomeText(outcome)}
        </span>
      </td>
      <td>
        <code title={hash}>{hash.slice(0, 10)}</code>
      </td>
    </tr>
  )
}

/** Whatever else it is, it was refused. */
const classes: Readonly<Record<string, string>> = { done: 'S', begun: 'U' }

/** Where the other half of a deed is, or that one that was begun has none. */
function Half(deed: DeedRow) {
  const { entry, other } = deed
  const text = t().audit
  if (isUnended(deed)) return <div>{text.unended}</div>
  if (other === null) return null
  const says = entry.outcome === 'begun' ? text.endedAt : text.begunAt
  return <div class="soft">{says(time(other.at), `${other.seq}`)}</div>
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
