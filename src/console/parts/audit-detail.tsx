/** What an entry of the audit chain says beside its heading: why, which steps, and the rest as it is written there. */
import type { AuditEntryView } from '../../wire/ops-audit.ts'
import type { AnyStepView } from '../../wire/ops-change.ts'
import type { DeedRow } from '../deeds.ts'
import { instant } from '../format.ts'
import { stepText } from '../step-text.ts'
import { t } from '../store.ts'

/** A step as the chain has it: there a switch that is put back is a row. */
type Written = AnyStepView & { readonly row?: object }

interface Detail {
  readonly reason?: unknown
  /** Of a note, and of what was said at the end of an alert. */
  readonly text?: unknown
  readonly steps?: unknown
}

export function AuditDetail({ entry, other }: DeedRow) {
  const { reason, text, steps } = detailOf(entry.detail) ?? {}
  const whole = other === null ? [entry] : [entry, other].toSorted((one, two) => one.seq - two.seq)
  return (
    <>
      {typeof reason === 'string' && <div>“{reason}”</div>}
      {typeof text === 'string' && <div>“{text}”</div>}
      {Array.isArray(steps) &&
        steps.map((step: Written) => <div key={textOf(step)}>{textOf(step)}</div>)}
      <details class="more">
        <summary>{t().audit.whole}</summary>
        {whole.map(each => (
          <Whole key={each.seq} entry={each} />
        ))}
      </details>
    </>
  )
}

/** By the request it is found in the log, by the hash in whatever was kept of the chain elsewhere. */
const Whole = ({ entry: { seq, at, outcome, detail, request, hash } }: WholeProps) => (
  <dl class="written">
    <dt>
      #{seq} · {instant(at)} · {outcomeText(outcome)}
    </dt>
    <dd>
      <code>{detail}</code>
    </dd>
    <dd>
      {t().audit.request} <code>{request}</code>
    </dd>
    <dd>
      {t().audit.hash} <code>{hash}</code>
    </dd>
  </dl>
)

interface WholeProps {
  readonly entry: AuditEntryView
}

/** `done` or `begun` as a word; whatever else it is, is the code that refused it. */
export function outcomeText(outcome: string): string {
  const { done, begun } = t().audit
  if (outcome === 'done') return done
  return outcome === 'begun' ? begun : outcome
}

/** Null where it was cut because it is long. */
function detailOf(detail: string): Detail | null {
  try {
    return JSON.parse(detail) as Detail
  } catch {
    return null
  }
}

/** The chain may be older or newer than this page: a step that it does not know is shown as it is written. */
const textOf = ({ row, ...step }: Written): string =>
  Object.hasOwn(t().steering.kinds, step.kind)
    ? stepText({ ...step, ...row } as AnyStepView)
    : JSON.stringify({ row, ...step })
