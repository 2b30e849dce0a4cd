/** A codebook where it really runs: what it promised outlives its eviction. */
import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { CenterEnv } from '../../src/env.ts'
import type { CodebookPort } from '../../src/flows/world.ts'

const { CODEBOOK } = env as unknown as CenterEnv
const tokens = ['9976020712345678901']

it('lets one of fifty payments that come at once have the code, and remembers which', async () => {
  const stub = CODEBOOK.getByName('102:7')
  const book = stub as unknown as CodebookPort
  const expiresAt = Date.now() + 60_000
  const issue = { requestId: 'r', bodyHash: 'b', tokens, payer: 'user-1', expiresAt }
  expect(await book.issue(issue)).toEqual({ ok: true, value: { tokens, expiresAt } })
  const uses = await Promise.all(
    Array.from({ length: 50 }, (_, n) => book.use(tokens[0]!, `pay_${n}`)),
  )
  const winner = uses.findIndex(({ ok }) => ok)
  expect(uses.filter(({ ok }) => ok)).toHaveLength(1)
  await evictDurableObject(stub)
  expect(await book.use(tokens[0]!, `pay_${winner}`)).toMatchObject({ ok: true })
  expect(await book.use(tokens[0]!, 'pay_other')).toMatchObject({ refusal: { code: 'CODE_USED' } })
  expect(await book.issue(issue)).toMatchObject({ ok: true, value: { tokens } })
})
