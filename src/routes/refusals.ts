/** What a call may be refused with, as its document says it: by status, each code with what it means. */
import { type RefusalCode, resultCodes } from '../domain/refusal.ts'
import { problemSchema } from '../wire/problem.ts'

/** Whatever is asked may meet these. */
const always: readonly RefusalCode[] = [
  'PARAM_ILLEGAL',
  'SIGNATURE_MISSING',
  'SIGNATURE_MALFORMED',
  'SIGNATURE_COVERAGE',
  'SIGNATURE_STALE',
  'SIGNATURE_KEY',
  'SIGNATURE_DIGEST',
  'SIGNATURE_INVALID',
  'BODY_TOO_LARGE',
  'INTERNAL',
  'BUSY',
  'CENTER_UNAVAILABLE',
]

/** The answers of a call that only reads; a suspended member may still learn how its payments ended. */
export const readRefusals = (...codes: readonly RefusalCode[]) => answersOf([...codes, ...always])

/** The answers of a call that does something. */
export const writeRefusals = (...codes: readonly RefusalCode[]) =>
  answersOf([...codes, 'MEMBER_SUSPENDED', ...always])

/** Nothing to the compiler, which knows a route's answers of success: `problem` fits every route. */
type Untyped = Record<never, never>

function answersOf(codes: readonly RefusalCode[]): Untyped {
  const byStatus = Map.groupBy(new Set(codes), code => resultCodes[code].http)
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      {
        description: list.map(code => `\`${code}\` ${resultCodes[code].says}`).join(' '),
        content: { 'application/problem+json': { schema: problemSchema } },
        'x-codes': list,
      },
    ]),
  )
}
