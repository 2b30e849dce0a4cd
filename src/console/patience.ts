/** Asking until it is answered: what is away comes back, and whoever is signed out may sign in beside this page. */
import { type Problem, Refused } from './api.ts'

const PATIENCE_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000] as const

/** How long to wait after so many tries in vain. */
export const patienceMs = (tries: number): number =>
  PATIENCE_MS[Math.min(tries, PATIENCE_MS.length - 1)] ?? 15_000

/** Waits, but no longer than until somebody looks at the page again; while nobody does there is no hurry. */
export const pause = (ms: number): Promise<void> =>
  new Promise(done => {
    const look = () => {
      if (document.hidden) return
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
      done()
    }
    const timer = setTimeout(look, ms)
    document.addEventListener('visibilitychange', look)
  })

/** @param inVain hears why there is no answer yet */
export async function insist<T>(
  ask: () => Promise<T>,
  inVain: (problem: Problem) => void,
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      inVain(error.problem)
      await pause(patienceMs(tries))
    }
  }
}
