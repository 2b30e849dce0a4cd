/**
 * Body hashes: by which a repeated request is told from another one under the same id.
 *
 * A hash is over a body as one version of the shapes reads it, and it says which: `1:` and SHA-256 in hex. A request
 * that is repeated across a release may be read differently although it says the same, so hashes of two versions
 * cannot be compared, and then the first request stands: whoever repeats it hears what became of it.
 */

/** Raise it with every change of a shape that is hashed; a test holds both together. */
export const BODY_VERSION = 2

export const isSameBody = (one: string, other: string): boolean =>
  one === other || versionOf(one) !== versionOf(other)

const versionOf = (hash: string): string => hash.slice(0, hash.indexOf(':') + 1)
