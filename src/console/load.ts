/** What a view has asked for: nothing yet, the answer, or why there is none; asked again as often as it wants. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { isSignedOut, lapsed, type Problem, Refused } from './api.ts'

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
  const isBegun = useRef(false)
  useEffect(() => {
    newest.current += 1
    const mine = newest.current
    let isOwed = false
    const settle = (value: T | null, problem: Problem | null) => {
      // An answer to an older question must not take the place of a newer one.
      if (mine === newest.current) setState(old => ({ value: value ?? old.value, problem }))
    }
    const go = () => {
      // A page opened behind another one has its first answer when it is looked at; the rest waits until then.
      isOwed = isBegun.current && (document.hidden || lapsed.value)
      if (isOwed) return
      isBegun.current = true
      ask().then(
        value => settle(value, null),
        (error: unknown) => {
          if (!(error instanceof Refused)) throw error
          // It is asked again once somebody is signed in.
          isOwed ||= isSignedOut(error.problem)
          settle(null, error.problem)
        },
      )
    }
    const back = () => {
      if (isOwed) go()
    }
    go()
    document.addEventListener('visibilitychange', back)
    const signedIn = lapsed.subscribe(back)
    const timer = everyMs === undefined ? undefined : setInterval(go, everyMs)
    return () => {
      document.removeEventListener('visibilitychange', back)
      signedIn()
      clearInterval(timer)
    }
  }, [...names, round])
  return { ...state, again: () => setRound(round + 1) }
}
