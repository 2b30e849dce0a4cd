/** Emergency plans: named lists of steps that are rehearsed on a quiet day and run on a bad one. */
import { useState } from 'preact/hooks'
import type { PlanView, Preview } from '../../wire/ops-change.ts'
import { read, write } from '../api.ts'
import { useAttempt } from '../attempt.ts'
import { ago } from '../format.ts'
import { useLoaded } from '../load.ts'
import { Listing } from '../parts/listing.tsx'
import { Looked } from '../parts/looked.tsx'
import { PlanEditor } from '../parts/plan-editor.tsx'
import { Problem } from '../parts/problem.tsx'
import { planPath, runPlan, steered } from '../parts/steer.tsx'
import { stepText } from '../step-text.ts'
import { may, t } from '../store.ts'

interface Rehearsed {
  readonly plan: PlanView
  readonly preview: Preview
}

export function Plans() {
  const text = t().plans
  const attempt = useAttempt()
  const [says, setSays] = useState('')
  const [rehearsed, setRehearsed] = useState<Rehearsed | null>(null)
  /** The plan that is edited, or a new one; which of the new ones, so that each begins empty. */
  const [edited, setEdited] = useState<PlanView | null>(null)
  const [fresh, setFresh] = useState(0)
  const loaded = useLoaded(
    () => read<{ data: readonly PlanView[] }>('/ops/v1/plans'),
    [steered.value],
    5_000,
  )
  const done = (what: string) => {
    setSays(what)
    setEdited(null)
    setFresh(fresh + 1)
    steered.value += 1
  }
  const rehearse = (plan: PlanView) =>
    attempt.of(write<Rehearsed>(`${planPath(plan)}/rehearse`), found => {
      setRehearsed(found)
      setSays(found.plan.rehearsal?.ok ? text.rehearsedWell : text.rehearsedBadly)
      steered.value += 1
    })
  const drop = (plan: PlanView) =>
    attempt.of(write(planPath(plan), {}, 'DELETE'), () => {
      if (rehearsed?.plan.name === plan.name) setRehearsed(null)
      done(text.dropped(plan.title))
    })
  return (
    <>
      <h1>{t().views.plans}</h1>
      <p class="soft">{text.lead}</p>
      {attempt.problem !== null && <Problem problem={attempt.problem} />}
      <p role="status">{says}</p>
      {rehearsed !== null && (
        <section class="rehearsed">
          <h2>{rehearsed.plan.title}</h2>
          <Looked preview={rehearsed.preview} />
          <button type="button" class="plain" onClick={() => setRehearsed(null)}>
            {t().steering.close}
          </button>
        </section>
      )}
      <Listing
        label={t().views.plans}
        loaded={loaded}
        empty={text.none}
        heads={[text.plan, text.steps, text.lasts, text.rehearsal, '']}
        row={each => (
          <tr key={each.name}>
            <td class="wrap">
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
              {may('steer') && (
                <Acts
                  plan={each}
                  onEdit={() => setEdited(each)}
                  onRehearse={() => rehearse(each)}
                  onDrop={() => drop(each)}
                />
              )}
            </td>
          </tr>
        )}
      />
      {may('steer') && (
        <PlanEditor
          key={edited === null ? `new ${fresh}` : `${edited.name} ${edited.revision}`}
          plan={edited}
          onSaved={() => done(text.saved)}
          onLeft={() => done('')}
        />
      )}
    </>
  )
}

interface ActsProps {
  readonly plan: PlanView
  onEdit(): void
  onRehearse(): void
  onDrop(): void
}

function Acts({ plan, onEdit, onRehearse, onDrop }: ActsProps) {
  const text = t().plans
  /** Asked once more, because nobody keeps what is dropped. */
  const [isDropping, setDropping] = useState(false)
  return (
    <div class="acts">
      <button type="button" class="plain" onClick={onRehearse}>
        {text.rehearse}
      </button>
      <button type="button" class="button" onClick={() => runPlan(plan)}>
        {text.run}
      </button>
      <button type="button" class="plain" onClick={onEdit}>
        {text.change}
      </button>
      {isDropping ? (
        <button type="button" class="plain" onClick={onDrop} onBlur={() => setDropping(false)}>
          {text.dropSure}
        </button>
      ) : (
        <button type="button" class="plain" onClick={() => setDropping(true)}>
          {text.drop}
        </button>
      )}
    </div>
  )
}
