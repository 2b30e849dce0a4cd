/** What became of a payment: a word and a colour, never a colour alone; and the code, by which members speak of it. */
import { t } from '../store.ts'
import { wordOf } from '../texts/words.ts'

interface StatusProps {
  readonly result: 'S' | 'F' | 'U'
  readonly status: string
  readonly code: string
}

export const Status = ({ result, status, code }: StatusProps) => (
  <span class={`status ${result}`} title={wordOf(t().words.codes, code)}>
    {wordOf(t().words.statuses, status)}
    {result === 'S' ? '' : ` · ${code}`}
  </span>
)
