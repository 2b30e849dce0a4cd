/**
 * Steering in one place: what is about to be done, what it would touch, why, and until when. What is dangerous is
 * proposed to a second person; nothing is done without a reason.
 */
import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import type { ChangeView, PlanView, Preview, StepView } from '../../wire/ops-change.ts'
import { Refused, type Problem as Said, write } from '../api.ts'
import { stepText } from '../step-text.ts'
import { t } from '../store.ts'
import { Dialog } from './dialog.tsx'
import { Looked } from './looked.tsx'
import { Problem } from './problem.tsx'

interface Asked {
  readonly steps: readonly StepView[]
  /** Where they are those of an emergency plan, which says itself how long it lasts. */
  readonly plan: PlanView | null
}

/** What is in question; nothing when nothing is being steered. */
const asked = signal<Asked | null>(null)
/** Rises with every change made here, so that lists ask again. */
export const steered = signal(0)

export const steer = (...steps: readonly StepView[]) => {
  asked.value = { steps, plan: null }
}

export const runPlan = (plan: PlanView) => {
  asked.value = { steps: plan.steps, plan }
}

export const planPath = ({ name }: PlanView) => `/ops/v1/plans/${encodeURIComponent(name)}`

const close = () => {
  asked.value = null
}

export function SteerDialog() {
  const wanted = asked.value
  return (
    <Dialog label={t().steering.title} isOpen={wanted !== null} onClose={close}>
      {wanted !== null && <Steering {...wanted} />}
    </Dialog>
  )
}

function Steering({ steps, plan }: Asked) {
  const text = t().steering
  const [preview, setPreview] = useState<Preview | null>(null)
  const [problem, setProblem] = useState<Said | null>(null)
  const [done, setDone] = useState<ChangeView | null>(null)
  const [busy, setBusy] = useState(false)
  // One id for this dialog: pressed twice, it is one change.
  const [id] = useState(() => crypto.randomUUID())
  const attempt = <T,>(work: Promise<T>, then: (value: T) => void) => {
    setBusy(true)
    work
      .then(
        value => {
          setProblem(null)
          then(value)
        },
        (error: unknown) => {
          if (error instanceof Refused) setProblem(error.problem)
          else throw error
        },
      )
      .finally(() => setBusy(false))
  }
  // How long it lasts decides about who must agree, so whoever changes that is told anew.
  const [minutes, setMinutes] = useState(plan?.minutes ?? 0)
  // It lasts from when it is made: asked for again, or approved half an hour later, it is the same.
  const seconds = minutes > 0 ? Math.round(minutes * 60) : null
  const look = () =>
    attempt(write<Preview>('/ops/v1/changes/preview', { steps, seconds }), setPreview)
  useEffect(look, [minutes])

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const reason = form.get('reason')
    // What was looked at: where it has moved since, nothing is done, and one looks again.
    const basis = preview?.basis ?? null
    const work =
      plan === null
        ? write<ChangeView>('/ops/v1/changes', { id, steps, reason, seconds, basis })
        : write<ChangeView>(`${planPath(plan)}/run`, { id, reason, basis })
    attempt(work, made => {
      setDone(made)
      steered.value += 1
    })
  }
  if (done !== null) {
    return (
      <>
        <h2>{text.title}</h2>
        <p role="status">{doneText(done)}</p>
        <button type="button" class="button" onClick={close}>
          {text.close}
        </button>
      </>
    )
  }
  const blocked = preview === null || preview.faults.length > 0
  return (
    <form onSubmit={submit}>
      <h2>{plan?.title ?? text.title}</h2>
      {problem !== null && <Problem problem={problem} again={look} />}
      {preview === null ? (
        <ul class="steps">
          {steps.map(step => (
            <li key={stepText(step)}>{stepText(step)}</li>
          ))}
        </ul>
      ) : (
        <Looked preview={preview} />
      )}
      <label>
        {text.reason}
        <textarea name="reason" required maxLength={200} rows={2} />
      </label>
      {plan === null ? (
        <label>
          {text.minutes}
          <input
            name="minutes"
            type="number"
            min="1"
            max="10080"
            placeholder={text.forever}
            onInput={event => setMinutes(Number(event.currentTarget.value))}
          />
        </label>
      ) : (
        <p class="soft">{plan.minutes === null ? text.forever : t().plans.minutes(plan.minutes)}</p>
      )}
      <p class="pages">
        <button type="submit" class="button" disabled={busy || blocked}>
          {preview?.needsApproval ? text.propose : isLater(steps) ? text.announce : text.apply}
        </button>
        <button type="button" class="plain" onClick={close}>
          {text.dismiss}
        </button>
      </p>
    </form>
  )
}

/** Whether nothing of it begins yet. */
const isLater = (steps: readonly StepView[]): boolean =>
  steps.every(
    step => 'value' in step && step.from !== undefined && Date.parse(step.from) > Date.now(),
  )

function doneText({ status }: ChangeView): string {
  const { applied, announced, proposed } = t().steering
  if (status === 'announced') return announced
  return status === 'applied' ? applied : proposed
}
