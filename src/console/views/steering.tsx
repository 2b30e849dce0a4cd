/** Steering: what is switched off, what was changed or waits for a second person, and the ways to switch more. */
import { useState } from 'preact/hooks'
import type { ChangeView } from '../../wire/ops-change.ts'
import type { SwitchView } from '../../wire/ops-network.ts'
import { Refused, read, type Problem as Said, write } from '../api.ts'
import { ago, instant } from '../format.ts'
import { useLoaded } from '../load.ts'
import { changePath, lookAt } from '../parts/approve.tsx'
import { Compose } from '../parts/compose.tsx'
import { type ListAnswer, Listing } from '../parts/listing.tsx'
import { Problem } from '../parts/problem.tsx'
import { steer, steered } from '../parts/steer.tsx'
import { useTurning } from '../parts/turn.tsx'
import { endText, stepText } from '../step-text.ts'
import { may, t } from '../store.ts'

export function Steering() {
  const text = t().steering
  return (
    <>
      <h1>{t().views.steering}</h1>
      {may('steer') && <Compose does={text.look} onStep={steer} />}
      <section>
        <h2>{text.inForce}</h2>
        <Switches />
      </section>
      <section>
        <h2>{text.changes}</h2>
        <Changes />
      </section>
    </>
  )
}

function Switches() {
  const text = t().steering
  const loaded = useLoaded(
    () => read<ListAnswer<SwitchView>>('/ops/v1/switches', { limit: 500 }),
    [steered.value],
    5_000,
  )
  return (
    <Listing
      label={text.inForce}
      loaded={loaded}
      empty={text.nothingOff}
      heads={[text.what, text.reason, text.until, '']}
      row={each => (
        <tr key={`${each.subject} ${each.name}`}>
          <td>
            {text.subjects[each.subject]} {each.name}
          </td>
          <td>{each.reason}</td>
          <td>{each.until === null ? text.forever : instant(each.until)}</td>
          <td>
            {may('steer') && each.inForce && (
              <button
                type="button"
                class="plain"
                onClick={() => steer({ kind: 'switch_on', subject: each.subject, name: each.name })}
              >
                {text.lift}
              </button>
            )}
          </td>
        </tr>
      )}
    />
  )
}

function Changes() {
  const text = t().steering
  const [problem, setProblem] = useState<Said | null>(null)
  const [says, setSays] = useState('')
  const turning = useTurning()
  const { cursor } = turning
  const loaded = useLoaded(
    () => read<ListAnswer<ChangeView>>('/ops/v1/changes', { limit: 30, cursor }),
    [steered.value, cursor],
    turning.everyMs(3_000),
  )
  // One id for each change that is taken back until that is answered: asked for again, it is the same.
  const [undoing] = useState(() => new Map<string, string>())
  const act = (change: ChangeView, verb: ChangeView['may'][number]) => {
    if (verb === 'approve') return lookAt(change)
    const id = undoing.get(change.id) ?? crypto.randomUUID()
    if (verb === 'undo') undoing.set(change.id, id)
    const body = verb === 'undo' ? { id, reason: text.undoes(change.reason).slice(0, 200) } : {}
    write<ChangeView>(`${changePath(change)}/${verb}`, body).then(
      made => {
        undoing.delete(change.id)
        // What is taken back may take a second person, too.
        setSays(made.status === 'proposed' ? text.proposed : '')
        setProblem(null)
        steered.value += 1
      },
      (error: unknown) => {
        if (error instanceof Refused) setProblem(error.problem)
        else throw error
      },
    )
  }
  return (
    <>
      {problem !== null && <Problem problem={problem} />}
      <p role="status">{says}</p>
      <Listing
        label={text.changes}
        loaded={loaded}
        turning={turning}
        heads={[text.when, text.what, text.reason, text.who, text.state, '']}
        row={each => (
          <tr key={each.id}>
            <td>
              <time title={instant(each.at)}>{ago(each.at)}</time>
            </td>
            <td>
              {each.steps.map(step => (
                <div key={stepText(step)}>{stepText(step)}</div>
              ))}
              <div class="soft">{endText(each)}</div>
            </td>
            <td class="wrap">
              {each.reason}
              {each.plan !== null && <div class="soft">{each.plan}</div>}
              <Dangers change={each} />
            </td>
            <td>
              {each.by.name}
              {each.decidedBy !== null && each.decidedBy.id !== each.by.id && (
                <div class="soft">{each.decidedBy.name}</div>
              )}
            </td>
            <td>
              <span
                class={`status ${each.status === 'applied' ? 'S' : each.status === 'proposed' ? 'U' : 'done'}`}
              >
                {text.states[each.status]}
              </span>
              {each.status === 'proposed' && each.expiresAt !== null && (
                <div class="soft">{text.expires(ago(each.expiresAt))}</div>
              )}
            </td>
            <td>
              <div class="acts">
                {each.may.map(verb => (
                  <button
                    key={verb}
                    type="button"
                    class={verb === 'approve' ? 'button' : 'plain'}
                    onClick={() => act(each, verb)}
                  >
                    {verb === 'approve' ? text.approve : text.verbs[verb]}
                  </button>
                ))}
              </div>
            </td>
          </tr>
        )}
      />
    </>
  )
}

/** Why it took a second person, or waits for one. */
function Dangers({ change: { dangers, status } }: { readonly change: ChangeView }) {
  const text = t().steering
  if (dangers.length === 0) return null
  const why = dangers.map(danger => text.dangers[danger]).join(', ')
  return <div class="soft">{status === 'proposed' ? text.dangerous(why) : text.forTwo(why)}</div>
}
