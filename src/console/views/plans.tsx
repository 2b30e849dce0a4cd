/** Emergency plans: named lists of steps that are rehearsed on a quiet day and run on a bad one. */
import { useState } from 'preact/hooks'
import type { PlanView, StepView } from '../../wire/ops-change.ts'
import { Refused, read, type Problem as Said, write } from '../api.ts'
import { ago } from '../format.ts'
import { useLoaded } from '../load.ts'
import { Listing } from '../parts/listing.tsx'
import { Problem } from '../parts/problem.tsx'
import { planPath, runPlan, steered, stepText } from '../parts/steer.tsx'
import { may, t } from '../store.ts'

export function Plans() {
  const text = t().plans
  const [problem, setProblem] = useState<Said | null>(null)
  const [says, setSays] = useState('')
  const loaded = useLoaded(
    () => read<{ data: readonly PlanView[] }>('/ops/v1/plans'),
    [steered.value],
    5_000,
  )
  const act = <T,>(work: Promise<T>, then: (value: T) => string) => {
    setSays('')
    work.then(
      value => {
        setProblem(null)
        setSays(then(value))
        steered.value += 1
      },
      (error: unknown) => {
        if (error instanceof Refused) setProblem(error.problem)
        else throw error
      },
    )
  }
  const rehearse = (plan: PlanView) =>
    act(write<{ plan: PlanView }>(`${planPath(plan)}/rehearse`), ({ plan: rehearsed }) =>
      rehearsed.rehearsal?.ok ? text.rehearsedWell : text.rehearsedBadly,
    )
  return (
    <>
      <h1>{t().views.plans}</h1>
      <p class="soft">{text.lead}</p>
      {problem !== null && <Problem problem={problem} />}
      <p role="status">{says}</p>
      <Listing
        label={t().views.plans}
        loaded={loaded}
        empty={text.none}
        heads={[text.plan, text.steps, text.lasts, text.rehearsal, '']}
        row={each => (
          <tr key={each.name}>
            <td>
              <strong>{each.title}</strong>
              <div class="soft">{each.name}</div>
            </td>
            <td>
              {each.steps.map(step => (
                <div key={stepText(step)}>{stepText(step)}</div>
              ))}
            </td>
            <td>{each.minutes === null ? t().steering.forever : text.minutes(each.minutes)}</td>
            <td>
              <span class={`status ${each.rehearsed ? 'S' : 'U'}`}>
                {each.rehearsal === null ? text.never : ago(each.rehearsal.at)}
              </span>
            </td>
            <td>
              <div class="acts">
                {may('steer') && (
                  <>
                    <button type="button" class="plain" onClick={() => rehearse(each)}>
                      {text.rehearse}
                    </button>
                    <button type="button" class="button" onClick={() => runPlan(each)}>
                      {text.run}
                    </button>
                  </>
                )}
              </div>
            </td>
          </tr>
        )}
      />
      {may('steer') && (
        <NewPlan
          onSave={(name, plan) =>
            act(write(`/ops/v1/plans/${name}`, plan, 'PUT'), () => text.saved)
          }
        />
      )}
    </>
  )
}

interface Draft {
  readonly title: string
  readonly steps: readonly StepView[]
  readonly minutes: number | null
  readonly revision: number
}

/** One step in a line: `scenario inbound`, `family qris`. */
function stepsIn(lines: string): readonly StepView[] {
  return lines
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .map(line => {
      const [subject = '', name = ''] = line.split(/\s+/)
      return { kind: 'switch_off', subject: subject as 'scenario', name }
    })
}

function NewPlan({ onSave }: { readonly onSave: (name: string, plan: Draft) => void }) {
  const text = t().plans
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const said = (name: string) => `${form.get(name) ?? ''}`
    const minutes = Number(said('minutes'))
    onSave(said('name'), {
      title: said('title'),
      steps: stepsIn(said('steps')),
      minutes: minutes > 0 ? minutes : null,
      revision: 0,
    })
  }
  return (
    <section>
      <h2>{text.fresh}</h2>
      <form class="filters" onSubmit={submit}>
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
        <label>
          {text.title}
          <input name="title" required maxLength={100} />
        </label>
        <label>
          {t().steering.minutes}
          <input name="minutes" type="number" min="1" max="10080" />
        </label>
        <label class="wide">
          {text.stepsSay}
          <textarea name="steps" required rows={3} placeholder={'family qris\nscenario inbound'} />
        </label>
        <button type="submit" class="button">
          {text.save}
        </button>
      </form>
    </section>
  )
}
