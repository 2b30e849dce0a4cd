/** What went wrong, and what to do about it. */
import { isSignedOut, type Problem as Said } from '../api.ts'
import { t } from '../store.ts'
import { wordOf } from '../texts/words.ts'

/** The gateway says it in English; what is newer than this page has no other words. */
const titleOf = ({ code, title }: Said): string => {
  const says = wordOf(t().words.codes, code)
  return says === code ? title : says
}

/** Line by line: a fault with its place in what was sent, of which people know nothing. */
const inWords = (says: string): string =>
  says
    .split('\n')
    .map(line => t().words.faults[line.replace(/^\/\S* /, '')] ?? line)
    .join('\n')

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
        {problem.status === 0 ? t().unreachable : titleOf(problem)}{' '}
        {problem.status !== 0 && <code>{problem.code}</code>}
      </p>
      {problem.says !== null && <p>{inWords(problem.says)}</p>}
      {isSignedOut(problem) ? (
        <SignIn />
      ) : (
        again !== undefined && (
          <button type="button" class="plain" onClick={again}>
            {t().retry}
          </button>
        )
      )}
    </div>
  )
}

/** Beside this page, so that what is on it stays, and goes on. */
export const SignIn = () => (
  <a class="plain" href="/console/sign-in" target="_blank" rel="noopener">
    {t().signIn}
  </a>
)
