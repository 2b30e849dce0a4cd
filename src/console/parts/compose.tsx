/** A step in the making: what is to be done, to what, and how much; of every kind that the interface knows. */
import { useState } from 'preact/hooks'
import { ALLOWANCE_CURRENCY, allowanceKinds } from '../../domain/allowance.ts'
import { limitKinds } from '../../domain/limit.ts'
import type { StepView } from '../../wire/ops-change.ts'
import { read } from '../api.ts'
import { useLoaded } from '../load.ts'
import { currencyOfLimit } from '../members.ts'
import {
  type Draft,
  emptyDraft,
  type StepKind,
  stepKinds,
  stepOf,
  type Wrong,
} from '../step-draft.ts'
import { t } from '../store.ts'
import { Choice, Field, Moment } from './field.tsx'

interface ComposeProps {
  readonly kinds?: readonly StepKind[]
  readonly first?: Partial<Draft>
  /** Whether a limit may begin later: that of a plan begins when it is run. */
  readonly isAnnounced?: boolean
  /** What the button says. */
  readonly does: string
  onStep(step: StepView): void
}

export function Compose({
  kinds = stepKinds,
  first = {},
  isAnnounced = true,
  does,
  onStep,
}: ComposeProps) {
  const text = t().steering
  const [draft, setDraft] = useState<Draft>({ ...emptyDraft, ...first })
  const [wrong, setWrong] = useState<Wrong | null>(null)
  const change = (more: Partial<Draft>) => {
    setDraft({ ...draft, ...more })
    setWrong(null)
  }
  const names = useNames(draft)
  const name = names.includes(draft.name) ? draft.name : (names[0] ?? '')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    event.stopPropagation()
    const half = isHalf(event.currentTarget)
    const step = half ? 'from' : stepOf({ ...draft, name }, currencyOfLimit)
    if (typeof step === 'string') return setWrong(step)
    setWrong(null)
    onStep(step)
  }
  // Where it is about one member there is no other to choose.
  const isFixed = kinds.length === 1 && first.name !== undefined
  const said = { draft: { ...draft, name }, names, isFixed, isAnnounced, wrong, change }
  return (
    <form class="filters" onSubmit={submit} noValidate>
      {kinds.length > 1 && (
        <Choice
          label={text.step}
          value={draft.kind}
          options={kinds.map(kind => [kind, text.kinds[kind]] as const)}
          onChange={kind => change({ kind, name: '', from: '' })}
        />
      )}
      <Fields {...said} />
      <button type="submit" class="button" disabled={listOf(draft) !== null && name === ''}>
        {does}
      </button>
    </form>
  )
}

/** An instant that is typed by half is empty to whoever reads the field, and would be at once. */
const isHalf = (form: EventTarget | null): boolean =>
  form instanceof HTMLFormElement &&
  [...form.elements].some(each => each instanceof HTMLInputElement && each.validity.badInput)

/** What can be meant, by what kind of thing it is. */
const lists = {
  corridor: '/ops/v1/corridors',
  family: '/ops/v1/families',
  institution: '/ops/v1/institutions',
  center: '/ops/v1/centers',
} as const
const scenarios = ['inbound', 'outbound', 'overseas', 'local']

function listOf({ kind, subject }: Draft): keyof typeof lists | 'scenario' | null {
  if (kind === 'switch_off' || kind === 'switch_on') return subject
  if (kind === 'set_limit' || kind === 'set_lanes') return 'institution'
  return kind === 'set_allowance' ? null : 'center'
}

function useNames(draft: Draft): readonly string[] {
  const list = listOf(draft)
  const { value } = useLoaded(() => namesIn(list), [list])
  return value?.list === list ? value.names : []
}

async function namesIn(list: ReturnType<typeof listOf>) {
  if (list === null) return { list, names: [] }
  if (list === 'scenario') return { list, names: scenarios }
  type Row = { readonly id?: string; readonly name: string; readonly family?: string }
  const query = list === 'center' ? {} : { limit: 500 }
  const { data } = await read<{ data: readonly Row[] }>(lists[list], query)
  return { list, names: data.map(({ id, family, name }) => id ?? family ?? name) }
}

interface FieldsProps {
  readonly draft: Draft
  readonly names: readonly string[]
  readonly isFixed: boolean
  readonly isAnnounced: boolean
  readonly wrong: Wrong | null
  change(more: Partial<Draft>): void
}

function Fields(props: FieldsProps) {
  const text = t().steering
  const { draft, change } = props
  switch (draft.kind) {
    case 'switch_off':
    case 'switch_on':
      return (
        <>
          <Choice
            label={text.what}
            value={draft.subject}
            options={(['corridor', 'family', 'institution', 'scenario'] as const).map(
              each => [each, text.subjects[each]] as const,
            )}
            onChange={subject => change({ subject, name: '' })}
          />
          <Which {...props} label={text.which} />
        </>
      )
    case 'set_limit':
      return <LimitFields {...props} />
    case 'set_allowance':
      return <AllowanceFields {...props} />
    case 'set_lanes':
      return (
        <>
          <Which {...props} label={text.subjects.institution} />
          <Field
            label={text.lanes}
            value={draft.lanes}
            inputMode="numeric"
            size={4}
            wrong={props.wrong === 'lanes' ? text.wrong.lanes : null}
            onInput={lanes => change({ lanes })}
          />
        </>
      )
    case 'pin_center':
      return (
        <>
          <Which {...props} label={text.center} />
          <Choice
            label={text.pinning}
            value={draft.pinned ? 'pin' : 'unpin'}
            options={[
              ['pin', text.kinds.pin_center],
              ['unpin', text.unpin],
            ]}
            onChange={pin => change({ pinned: pin === 'pin' })}
          />
        </>
      )
    default:
      return <Which {...props} label={text.center} />
  }
}

const Which = ({ label, draft, names, change }: FieldsProps & { readonly label: string }) => (
  <Choice
    label={label}
    value={draft.name}
    options={names.map(name => [name, name] as const)}
    onChange={name => change({ name })}
  />
)

function LimitFields(props: FieldsProps) {
  const { draft, wrong, change } = props
  const text = t().limits
  const currency = currencyOfLimit({ institution: draft.name, kind: draft.limit })
  return (
    <>
      {!props.isFixed && <Which {...props} label={text.member} />}
      <Choice
        label={text.limit}
        value={draft.limit}
        options={kindsOfLimits.map(kind => [kind, text.kinds[kind]] as const)}
        onChange={limit => change({ limit })}
      />
      <Field
        label={text.scope}
        value={draft.scope}
        onInput={scope => change({ scope })}
        size={12}
      />
      <Amount currency={currency} draft={draft} wrong={wrong} change={change} />
      <From {...props} />
    </>
  )
}

const kindsOfLimits = Object.keys(limitKinds) as (keyof typeof limitKinds)[]

function AllowanceFields(props: FieldsProps) {
  const { draft, wrong, change } = props
  const text = t()
  return (
    <>
      <Field
        label={text.limits.corridor}
        value={draft.corridor}
        size={8}
        wrong={wrong === 'corridor' ? text.steering.wrong.corridor : null}
        onInput={corridor => change({ corridor })}
      />
      <Choice
        label={text.limits.allowance}
        value={draft.allowance}
        options={allowanceKinds.map(kind => [kind, text.words.allowances[kind]] as const)}
        onChange={allowance => change({ allowance })}
      />
      <Amount currency={ALLOWANCE_CURRENCY} draft={draft} wrong={wrong} change={change} />
      <From {...props} />
    </>
  )
}

function From({ wrong, isAnnounced, change }: FieldsProps) {
  const text = t().steering
  if (!isAnnounced) return null
  return (
    <Moment
      label={text.from}
      wrong={wrong === 'from' ? text.wrong.from : null}
      onInput={from => change({ from })}
    />
  )
}

interface AmountProps extends Pick<FieldsProps, 'draft' | 'wrong' | 'change'> {
  readonly currency: string | null | undefined
}

function Amount({ currency, draft, wrong, change }: AmountProps) {
  const { limits: text, steering } = t()
  return (
    <Field
      label={currency === null ? text.payments : text.amount(currency ?? '?')}
      value={draft.amount}
      inputMode="decimal"
      size={14}
      placeholder={steering.noBound}
      wrong={
        wrong === 'amount'
          ? currency === null
            ? text.wholeNumber
            : text.wrongAmount(currency ?? '?')
          : null
      }
      onInput={amount => change({ amount })}
    />
  )
}
