/** A body or parameter of the wrong shape, said field by field. */
import type { Hook } from '@hono/zod-openapi'
import type { RefusalCode } from '../domain/refusal.ts'
import { type Door, problem } from './door.ts'

interface Issue {
  readonly path: PropertyKey[]
  readonly message: string
  /** Where a body may have one of several shapes: what is wrong with it as each of them. */
  readonly errors?: readonly (readonly Issue[])[]
}

/** Fields shown at the most: an answer is bounded whatever was sent. */
const FIELDS_MAX = 20
/** Characters of one pointer or message. */
const TEXT_MAX = 200

// biome-ignore lint/suspicious/noExplicitAny: the hook serves routes of every shape
export const malformed: Hook<any, Door, any, any> = (result, c) => {
  if (result.success) return undefined
  const issues = (result.error.issues as Issue[]).flatMap(closest)
  return problem(c, {
    code: codeOf(issues),
    detail: {
      fields: issues.slice(0, FIELDS_MAX).map(({ path, message }) => ({
        pointer: bounded(path.map(part => `/${escaped(String(part))}`).join('')),
        says: bounded(message),
      })),
    },
  })
}

/** Of several shapes the one that was meant: the one with the least wrong. */
function closest({ path, message, errors = [] }: Issue): Issue[] {
  const [best] = errors.toSorted((one, other) => one.length - other.length)
  if (best === undefined || best.length === 0) return [{ path, message }]
  return best.map(issue => ({ ...issue, path: [...path, ...issue.path] }))
}

/** Money that is no payable amount has its own code: it is the payer who can mend it. */
const codeOf = (issues: readonly Issue[]): RefusalCode =>
  issues.every(({ path }) => path.at(-1) === 'minor') ? 'AMOUNT_INVALID' : 'PARAM_ILLEGAL'

/** A message names the fields that nobody knows, and there may be thousands. */
const bounded = (text: string): string =>
  text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`

/** RFC 6901, section 3. */
const escaped = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1')
