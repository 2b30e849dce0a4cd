/** Fields of forms: a choice from a list, and a line of text that says at once what is wrong with it. */
import { useId } from 'preact/hooks'

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly (readonly [value: Value, says: string])[]
  onChange(value: Value): void
}

export const Choice = <Value extends string>(props: ChoiceProps<Value>) => (
  <label>
    {props.label}
    <select
      value={props.value}
      onChange={event => props.onChange(event.currentTarget.value as Value)}
    >
      {props.options.map(([value, says]) => (
        <option key={value} value={value}>
          {says}
        </option>
      ))}
    </select>
  </label>
)

interface FieldProps {
  readonly label: string
  readonly value: string
  /** What is wrong with it; null while nothing is. */
  readonly wrong?: string | null
  readonly size?: number
  readonly placeholder?: string
  readonly inputMode?: 'decimal' | 'numeric' | 'text'
  onInput(value: string): void
}

export function Field({ label, value, wrong = null, onInput, ...more }: FieldProps) {
  const id = useId()
  return (
    <label>
      {label}
      <input
        value={value}
        {...faultAt(id, wrong)}
        onInput={event => onInput(event.currentTarget.value)}
        {...more}
      />
      <Fault id={id} wrong={wrong} />
    </label>
  )
}

type MomentProps = Pick<FieldProps, 'label' | 'wrong' | 'onInput'>

/**
 * An instant by this machine's clock, as `2026-01-31T08:00`; empty for none. It keeps what is typed by itself, because
 * half of an instant has no value that could be given back to it.
 */
export function Moment({ label, wrong = null, onInput }: MomentProps) {
  const id = useId()
  return (
    <label>
      {label}
      <input
        type="datetime-local"
        {...faultAt(id, wrong)}
        onInput={event => onInput(event.currentTarget.value)}
      />
      <Fault id={id} wrong={wrong} />
    </label>
  )
}

const faultAt = (id: string, wrong: string | null) => ({
  'aria-invalid': wrong === null ? undefined : true,
  'aria-describedby': wrong === null ? undefined : id,
})

const Fault = ({ id, wrong }: { readonly id: string; readonly wrong: string | null }) =>
  wrong === null ? null : (
    <span id={id} class="wrong" role="alert">
      {wrong}
    </span>
  )
