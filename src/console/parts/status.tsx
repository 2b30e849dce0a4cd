/** What became of a payment: a word and a colour, never a colour alone; and the code, by which members speak of it. */
import type { ComponentChildren } from 'preact'
import { t } from '../store.ts'
import { wordOf } from '../texts/words.ts'

interface StatusProps {
  readonly result: 'S' | 'F' | 'U'
  readonly status: string
  readonly code: string
}

export const Status = (props: StatusProps) => (
  <Stated {...props}>{props.result === 'S' ? '' : ` · ${props.code}`}</Stated>
)

/** The code below the word. */
export const NarrowStatus = (props: StatusProps) => (
  <Stated {...props}>{props.result === 'S' ? '' : <small>{props.code}</small>}</Stated>
)

const Stated = ({
  result,
  status,
  code,
  children,
}: StatusProps & { readonly children: ComponentChildren }) => (
  <span class={`status ${result}`} title={wordOf(t().words.codes, code)}>
    {wordOf(t().words.statuses, status)}
    {children}
  </span>
)
