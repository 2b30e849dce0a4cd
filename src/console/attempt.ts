/** Something that a person asked for: done once at a time, and what went wrong is said where it was asked. */
import { useState } from 'preact/hooks'
import { type Problem, Refused } from './api.ts'

export interface Attempt {
  readonly isBusy: boolean
  readonly problem: Problem | null
  /** Then `done`, or the problem. */
  of<T>(work: Promise<T>, done: (value: T) => void): void
}

export function useAttempt(): Attempt {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  return {
    isBusy,
    problem,
    of(work, done) {
      setBusy(true)
      work
        .then(
          value => {
            setProblem(null)
            done(value)
          },
          (error: unknown) => {
            if (error instanceof Refused) setProblem(error.problem)
            else throw error
          },
        )
        .finally(() => setBusy(false))
    },
  }
}
