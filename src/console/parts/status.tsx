/** What became of a payment: a word and a colour, never a colour alone. */
interface StatusProps {
  readonly result: 'S' | 'F' | 'U'
  readonly status: string
  readonly code: string
}

export const Status = ({ result, status, code }: StatusProps) => (
  <span class={`status ${result}`}>
    {status}
    {result === 'S' ? '' : ` · ${code}`}
  </span>
)
