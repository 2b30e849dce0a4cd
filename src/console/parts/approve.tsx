/**
 * Approving: what somebody else proposes, why and until when, and what it would touch now. Nobody agrees to what they
 * have not looked at.
 */
import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import type { ChangeView, Preview } from '../../wire/ops-change.ts'
import { write } from '../api.ts'
import { useAttempt } from '../attempt.ts'
import { ago } from '../format.ts'
import { endText, stepText } from '../step-text.ts'
import { t } from '../store.ts'
import { Dialog } from './dialog.tsx'
import { Looked } from './looked.tsx'
import { Problem } from './problem.tsx'
import { steered } from './steer.tsx'

/** What is looked at; nothing when nothing is being approved. */
const proposal = signal<ChangeView | null>(null)

export const lookAt = (change: ChangeView) => {
  proposal.value = change
}

const leave = () => {
  proposal.value = null
}

export const changePath = ({ id }: ChangeView) => `/ops/v1/changes/${encodeURIComponent(id)}`

export function ApproveDialog() {
  const change = proposal.value
  return (
    <Dialog label={t().steering.approving} isOpen={change !== null} onClose={leave}>
      {change !== null && <Approving key={change.id} change={change} />}
    </Dialog>
  )
}

function Approving({ change }: { readonly change: ChangeView }) {
  const text = t().steering
  const { of, isBusy, problem } = useAttempt()
  const [preview, setPreview] = useState<Preview | null>(null)
  const look = () => of(write<Preview>(`${changePath(change)}/preview`), setPreview)
  useEffect(look, [])
  const decide = (verb: 'approve' | 'reject') =>
    of(write(`${changePath(change)}/${verb}`), () => {
      steered.value += 1
      leave()
    })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    decide('approve')
  }
  return (
    <form onSubmit={submit}>
      <h2>{text.approving}</h2>
      {problem !== null && <Problem problem={problem} again={look} />}
      <p>
        {text.proposedBy(change.by.name, ago(change.at), change.reason)}
        <span class="soft"> {endText(change)}</span>
      </p>
      {preview === null ? (
        <ul class="steps">
          {change.steps.map(step => (
            <li key={stepText(step)}>{stepText(step)}</li>
          ))}
        </ul>
      ) : (
        <Looked preview={preview} />
      )}
      <p class="pages">
        <button
          type="submit"
          class="button"
          disabled={isBusy || preview === null || preview.faults.length > 0}
        >
          {text.verbs.approve}
        </button>
        <button type="button" class="plain" disabled={isBusy} onClick={() => decide('reject')}>
          {text.verbs.reject}
        </button>
        <button type="button" class="plain" onClick={leave}>
          {text.dismiss}
        </button>
      </p>
    </form>
  )
}
