/** A body or parameter of the wrong shape, said field by field. */
import type { Hook } from '@hono/zod-openapi'
import type { RefusalCode } from '../domain/refusal.ts'
import { type Door, problem } from './door.ts'

interface Issue {
  readonly path: PropertyKey[]
  readonly message: string
}

/** Fields shown at the most: an answer is bounded whatever was sent. */
const FIELDS_MAX = 20
/** Characters of one pointer or message. */
const TEXT_MAX = 200

// biome-ignore lint/suspicious/noExplicitAny: the hook serves routes of every shape
export const malformed: Hook<any, Door, any, any> = (result, c) => {
  if (result.success) return undefined
  const issues: Issue[] = result.error.issues
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

/** Money that is no payable amount has its own code: it is the payer who can mend it. */
const codeOf = (issues: readonly Issue[]): RefusalCode =>
  issues.every(({ path }) => path.at(-1) === 'minor') ? 'AMOUNT_INVALID' : 'PARAM_ILLEGAL'

/** A message names the fields that nobody knows, and there may be thousands. */
const bounded = (text: string): string =>
  text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`

/** RFC 6901, section 3. */
const escaped = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1')
