/** Waiting for somebody else, and not longer than it is worth. */

/** Nobody answered in time. What was asked may still be done. */
export class Late extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`)
    this.name = 'Late'
  }
}

/**
 * The answer of a call that must come in time. A timer of its own, and no signal: whoever is not late, and nearly
 * nobody is, costs no error. The timer is cleared, because a pending one keeps a request alive that has nothing to do.
 *
 * @throws Late when nothing came in time; what comes later is not heard
 */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Late(ms)), ms)
    work.then(
      value => {
        clearTimeout(timer)
        resolve(value)
      },
      error => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
