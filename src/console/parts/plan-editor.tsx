/** An emergency plan in the making: its steps, one after another, of every kind; saved over what was read, or not at all. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { PlanView, StepView } from '../../wire/ops-change.ts'
import { type Problem as Said, write } from '../api.ts'
import { useAttempt } from '../attempt.ts'
import { stepText } from '../step-text.ts'
import { t } from '../store.ts'
import { Compose } from './compose.tsx'
import { Problem } from './problem.tsx'

interface EditorProps {
  /** The plan that is edited; null for a new one. */
  readonly plan: PlanView | null
  onSaved(plan: PlanView): void
  /** Left as it is. */
  onLeft(): void
}

export function PlanEditor({ plan, onSaved, onLeft }: EditorProps) {
  const text = t().plans
  const attempt = useAttempt()
  const [steps, setSteps] = useState<readonly StepView[]>(plan?.steps ?? [])
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // It is below the list in which it was asked for.
    if (plan !== null) heading.current?.focus()
  }, [])
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const name = plan?.name ?? `${form.get('name')}`
    const minutes = Number(form.get('minutes'))
    const body = {
      title: `${form.get('title')}`,
      steps,
      minutes: minutes > 0 ? minutes : null,
      revision: plan?.revision ?? 0,
    }
    const path = `/ops/v1/plans/${encodeURIComponent(name)}`
    attempt.of(write<PlanView>(path, body, 'PUT'), onSaved)
  }
  return (
    <section>
      <h2 ref={heading} tabIndex={-1}>
        {plan === null ? text.fresh : text.edit(plan.title)}
      </h2>
      {attempt.problem !== null && <NotSaved problem={attempt.problem} />}
      <h3>{text.steps}</h3>
      {steps.length === 0 ? (
        <p class="empty">{text.noSteps}</p>
      ) : (
        <Steps steps={steps} onChange={setSteps} />
      )}
      <Compose isAnnounced={false} does={text.add} onStep={step => setSteps([...steps, step])} />
      <form class="filters" onSubmit={submit}>
        {plan === null && (
          <label>
            {text.name}
            <input
              name="name"
              required
              pattern="[a-z0-9]+(-[a-z0-9]+)*"
              maxLength={40}
              placeholder="stop-qris"
            />
          </label>
        )}
        <label>
          {text.title}
          <input name="title" required maxLength={100} defaultValue={plan?.title} />
        </label>
        <label>
          {t().steering.minutes}
          <input
            name="minutes"
            type="number"
            min="1"
            max="10080"
            placeholder={t().steering.forever}
            defaultValue={plan?.minutes?.toString()}
          />
        </label>
        <button type="submit" class="button" disabled={steps.length === 0 || attempt.isBusy}>
          {text.save}
        </button>
        <button type="button" class="plain" onClick={onLeft}>
          {text.leave}
        </button>
      </form>
    </section>
  )
}

/** Somebody was faster: what they saved is in the list above, and nothing of it is lost. */
function NotSaved({ problem }: { readonly problem: Said }) {
  if (problem.code !== 'CHANGE_MOVED') return <Problem problem={problem} />
  return (
    <div class="problem" role="alert">
      <p>{t().plans.conflict}</p>
    </div>
  )
}

interface StepsProps {
  readonly steps: readonly StepView[]
  onChange(steps: readonly StepView[]): void
}

/** In their order, because each is tried on what those before it made. */
function Steps({ steps, onChange }: StepsProps) {
  const text = t().plans
  const without = (place: number) => steps.filter((_, index) => index !== place)
  const earlier = (place: number) =>
    steps.map((step, index) => {
      const from = index === place ? place - 1 : index === place - 1 ? place : index
      return steps[from] ?? step
    })
  return (
    <ol class="steps">
      {steps.map((step, place) => (
        <li key={`${place} ${stepText(step)}`}>
          {stepText(step)}{' '}
          <span class="acts">
            {place > 0 && (
              <button
                type="button"
                class="plain"
                aria-label={text.earlier(stepText(step))}
                onClick={() => onChange(earlier(place))}
              >
                ↑
              </button>
            )}
            <button
              type="button"
              class="plain"
              aria-label={text.takeOut(stepText(step))}
              onClick={() => onChange(without(place))}
            >
              ✕
            </button>
          </span>
        </li>
      ))}
    </ol>
  )
}
