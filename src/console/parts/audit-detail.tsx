/** What an entry of the audit chain says beside its heading: why, which steps, and the rest as it is written there. */
import type { AnyStepView } from '../../wire/ops-change.ts'
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

export function AuditDetail({ detail }: { readonly detail: string }) {
  const known = detailOf(detail)
  if (known !== null && Object.keys(known).length === 0) return null
  const { reason, text, steps } = known ?? {}
  return (
    <>
      {typeof reason === 'string' && <div>“{reason}”</div>}
      {typeof text === 'string' && <div>“{text}”</div>}
      {Array.isArray(steps) &&
        steps.map((step: Written) => <div key={textOf(step)}>{textOf(step)}</div>)}
      <details class="more">
        <summary>{t().audit.whole}</summary>
        <code>{detail}</code>
      </details>
    </>
  )
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
