/** What went wrong, and what to do about it. */
import type { Problem as Said } from '../api.ts'
import { t } from '../store.ts'

export function Problem({
  problem,
  again,
}: {
  readonly problem: Said
  readonly again?: () => void
}) {
  return (
    <div class="problem" role="alert">
      <p>
        {problem.status === 0 ? t().unreachable : problem.title}{' '}
        {problem.status !== 0 && <code>{problem.code}</code>}
      </p>
      {problem.says !== null && <p>{problem.says}</p>}
      {again !== undefined && (
        <button type="button" class="plain" onClick={again}>
          {t().retry}
        </button>
      )}
    </div>
  )
}
