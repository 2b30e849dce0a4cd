/** The form that writes a code while it is filled in; each complaint stands at its field. */
import { codeErrors, writeCode, writeErrors } from '../codes/index.ts'
import { codeInputOf } from '../codes/input.ts'
import { el, one } from '../front/el.ts'
import {
  type Choice,
  type FormField,
  fieldsOf,
  merchantChoices,
  otherChoices,
} from './form-fields.ts'

export interface WriteForm {
  /** Writes what the form says now. */
  write(): void
}

/** @param written hears each payload; null while the form cannot be written */
export function writeForm(written: (payload: string | null) => void): WriteForm {
  const form = one('write', HTMLFormElement)
  const format = one('format', HTMLSelectElement)
  const place = one('fields', HTMLElement)
  const problem = one('write-problem', HTMLParagraphElement)
  let inputs: readonly (readonly [FormField, HTMLInputElement])[] = []

  const choose = () => {
    inputs = fieldsOf(format.value).map(field => [field, inputOf(field)] as const)
    place.replaceChildren(...inputs.map(([field, input]) => rowOf(field, input)))
  }
  const write = () => {
    const pairs = inputs.flatMap(([{ name }, { value }]) =>
      value === '' ? [] : [`${name}=${value}`],
    )
    for (const [field] of inputs) complain(field, '')
    problem.textContent = ''
    const input = codeInputOf(format.value, pairs)
    if (!input.ok) {
      written(null)
      const named = inputs.find(([{ name }]) => input.problem.startsWith(`"${name}"`))
      problem.textContent = named === undefined ? input.problem : mend
      if (named !== undefined) complain(named[0], writeErrors['field-missing'])
      return
    }
    const code = writeCode(input.value)
    if (code.ok) return written(code.payload)
    written(null)
    problem.textContent = mend
    for (const { code: why, field } of code.errors) {
      const says = { ...codeErrors, ...writeErrors }[why]
      const name = field.split('.').at(-1)
      const own = inputs.find(([each]) => each.name === field || each.name === name)
      if (own === undefined) problem.textContent = says
      else complain(own[0], says)
    }
  }

  format.append(
    group('Shown by the merchant (EMVCo)', merchantChoices()),
    group('Others', otherChoices()),
  )
  format.value = 'promptpay'
  choose()
  format.addEventListener('change', () => {
    choose()
    write()
  })
  form.addEventListener('input', ({ target }) => {
    if (target !== format) write()
  })
  form.addEventListener('submit', event => {
    event.preventDefault()
    write()
  })
  return { write }
}

const group = (label: string, choices: readonly Choice[]): HTMLElement =>
  el('optgroup', { label }, ...choices.map(({ id, name }) => el('option', { value: id }, name)))

const mend = 'Mend the marked fields: the result shows the last code that could be written.'

const idOf = ({ name }: FormField): string => `field-${name.replace('.', '-')}`

const inputOf = (field: FormField): HTMLInputElement => {
  const input = el('input', {
    id: idOf(field),
    name: field.name,
    required: field.required,
    inputmode: field.name === 'amount' ? 'decimal' : undefined,
    'aria-describedby': `${idOf(field)}-says`,
    spellcheck: 'false',
    autocapitalize: 'off',
  })
  input.value = field.example
  return input
}

const rowOf = (field: FormField, input: HTMLInputElement): HTMLElement =>
  el(
    'div',
    { class: 'field' },
    el(
      'label',
      { for: idOf(field) },
      field.label,
      field.required ? null : el('span', {}, 'optional'),
    ),
    input,
    el('p', { class: 'problem', id: `${idOf(field)}-says`, 'aria-live': 'polite' }),
  )

function complain(field: FormField, says: string): void {
  one(`${idOf(field)}-says`, HTMLParagraphElement).textContent = says
  const input = one(idOf(field), HTMLInputElement)
  if (says === '') input.removeAttribute('aria-invalid')
  else input.setAttribute('aria-invalid', 'true')
}
