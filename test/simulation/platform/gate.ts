/** Objects as somebody calls them: only once what the caller wrote is durable, or not at all where they are out of reach. */

type Call = (...asked: never[]) => Promise<unknown>
type Methods = Readonly<Record<string, Call>>

export interface Space {
  getByName(name: string): Methods
}

const each = (space: Space, call: (stub: Methods, method: string) => Call): Space => ({
  getByName: name => {
    const stub = space.getByName(name)
    return Object.fromEntries(Object.keys(stub).map(method => [method, call(stub, method)]))
  },
})

/**
 * The output gate of an object, for its calls.
 *
 * @param send lets something leave the object, once that may be
 */
export const gated = (space: Space, send: (leave: () => void) => void): Space =>
  each(
    space,
    (stub, method) =>
      (...asked) =>
        new Promise((resolve, reject) => {
          send(() => void stub[method]?.(...asked).then(resolve, reject))
        }),
  )

/** @param gone what becomes of a call that does not get there */
export const within = (space: Space, isGone: () => boolean, gone: () => Promise<never>): Space => ({
  getByName: name => (isGone() ? each(space, () => gone).getByName(name) : space.getByName(name)),
})
