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
        aria-invalid={wrong === null ? undefined : true}
        aria-describedby={wrong === null ? undefined : id}
        onInput={event => onInput(event.currentTarget.value)}
        {...more}
      />
      {wrong !== null && (
        <span id={id} class="wrong" role="alert">
          {wrong}
        </span>
      )}
    </label>
  )
}
