/** What writing a code gives: the payload, or every reason why it cannot be written. */
import type { CodeErrorCode } from './code.ts'

export type Written =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly errors: readonly WriteError[] }

export interface WriteError {
  /** A reason of writing, or the reader's own when it would not take the finished code. */
  readonly code: WriteErrorCode | CodeErrorCode
  /** The input's field. */
  readonly field: string
}

// biome-ignore format: a table is read by column
export const writeErrors = {
  'family-unknown':    'There is no such family, or it is not written in this format.',
  'field-unknown':     'The family has no field of this name.',
  'field-missing':     'The field is mandatory.',
  'field-shape':       'The field has the wrong shape.',
  'field-too-long':    'The field is longer than the format allows.',
  'field-not-ascii':   'The field may hold printable ASCII only.',
  'currency-unknown':  'ISO 4217 does not list this currency.',
  'currency-foreign':  'The family is not paid in this currency.',
  'country-foreign':   'The family is not at home in this country.',
  'amount-shape':      'The amount is not a positive decimal of its currency.',
  'tag-taken':         'Another field already has this id.',
  'prefix-unknown':    'The prefix is not a number range of the family.',
  'length-wrong':      'The number does not come out at a length of the family.',
  'payload-too-long':  'The payload would be longer than readers must support.',
} as const
export type WriteErrorCode = keyof typeof writeErrors

/** Errors gathered while writing, so that a caller hears of all at once. */
export class Complaints {
  readonly errors: WriteError[] = []

  add(code: WriteError['code'], field: string): void {
    this.errors.push({ code, field })
  }

  /** The payload if there was nothing to complain about. */
  or(payload: string): Written {
    return this.errors.length === 0 ? { ok: true, payload } : { ok: false, errors: this.errors }
  }
}

/** Printable ASCII: EMVCo's format ans. */
export function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x20 || unit > 0x7e) return false
  }
  return true
}
