/** What a view has asked for: nothing yet, the answer, or why there is none; asked again as often as it wants. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { type Problem, Refused } from './api.ts'

export interface Loaded<T> {
  readonly value: T | null
  readonly problem: Problem | null
  /** Asks again now. */
  again(): void
}

/**
 * @param names what the question depends on: another list, another question
 * @param everyMs asked again this often while the page is looked at; left out, once
 */
export function useLoaded<T>(
  ask: () => Promise<T>,
  names: readonly unknown[],
  everyMs?: number,
): Loaded<T> {
  const [state, setState] = useState<{ value: T | null; problem: Problem | null }>({
    value: null,
    problem: null,
  })
  const [round, setRound] = useState(0)
  const newest = useRef(0)
  useEffect(() => {
    newest.current += 1
    const mine = newest.current
    const settle = (value: T | null, problem: Problem | null) => {
      // An answer to an older question must not take the place of a newer one.
      if (mine === newest.current) setState(old => ({ value: value ?? old.value, problem }))
    }
    const go = () => {
      if (document.hidden) return
      ask().then(
        value => settle(value, null),
        (error: unknown) => {
          if (error instanceof Refused) settle(null, error.problem)
          else throw error
        },
      )
    }
    go()
    if (everyMs === undefined) return undefined
    const timer = setInterval(go, everyMs)
    return () => clearInterval(timer)
  }, [...names, round])
  return { ...state, again: () => setRound(round + 1) }
}
