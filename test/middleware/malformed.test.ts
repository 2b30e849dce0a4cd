import type { Context } from 'hono'
import { describe, expect, it } from 'vitest'
import { malformed } from '../../src/middleware/malformed.ts'

/** What the hook answers to issues as a schema reports them. */
async function answerTo(...issues: { path: PropertyKey[]; message: string }[]) {
  const c = { get: () => 'request-1', set: () => undefined } as unknown as Context
  const result = { success: false, error: { issues } }
  const answer = (await malformed(result as never, c as never)) as Response
  return (await answer.json()) as { code: string; errors: { pointer: string; says: string }[] }
}

const issue = (...path: PropertyKey[]) => ({ path, message: 'wrong' })

describe('what is malformed', () => {
  it('is nothing where the schema is content', async () => {
    expect(await malformed({ success: true } as never, {} as never)).toBeUndefined()
  })

  // RFC 6901: the empty pointer is the whole document, and two characters are escaped.
  it.each([
    [[], ''],
    [['amount', 'minor'], '/amount/minor'],
    [['list', 3, 'x'], '/list/3/x'],
    [['a/b', 'c~d'], '/a~1b/c~0d'],
    [[''], '/'],
  ])('at %j is pointed at by "%s"', async (path, pointer) => {
    expect((await answerTo(issue(...path))).errors[0]?.pointer).toBe(pointer)
  })

  it('is money that the payer can mend only when nothing else is wrong', async () => {
    expect((await answerTo(issue('amount', 'minor'))).code).toBe('AMOUNT_INVALID')
    const both = await answerTo(issue('amount', 'minor'), issue('code'))
    expect(both.code).toBe('PARAM_ILLEGAL')
    expect((await answerTo(issue('minor', 'x'))).code).toBe('PARAM_ILLEGAL')
  })

  it('is said in a bounded answer, however much of it there is', async () => {
    const many = Array.from({ length: 500 }, (_, at) => ({
      path: ['x'.repeat(10_000), at],
      message: 'y'.repeat(10_000),
    }))
    const { errors } = await answerTo(...many)
    expect(errors).toHaveLength(20)
    expect(JSON.stringify(errors).length).toBeLessThan(10_000)
  })
})
