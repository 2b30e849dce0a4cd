import { expect, it } from 'vitest'
import { CONSUMER_FAMILY, tokenOf } from '../../src/domain/consumer-code.ts'
import type { RefusalCode } from '../../src/domain/refusal.ts'
import { refuse } from '../../src/domain/result.ts'
import { charge } from '../../src/flows/charge.ts'
import { fakeWorld, honest, member, NOW, rows } from './world.ts'

const route = {
  family: CONSUMER_FAMILY,
  market: null,
  key: '997602',
  institution: 'wallet-th',
  rank: 1,
}
const order = {
  requestId: 'sale-1',
  requestedAt: NOW,
  consumerCode: tokenOf('997602', 3, 42n),
  amount: { currency: 'CNY', minor: 2_500n },
  merchant: { id: 'shop-1', name: 'Shop', city: null, mcc: null, country: 'CN' },
  order: 'sale-1',
  bodyHash: 'aa',
}

/** What a till hears when the codebook refuses. */
function heard(code: RefusalCode) {
  const world = fakeWorld(honest, { routes: [...rows.routes, route] })
  const codebook = () => ({ issue: async () => refuse('BUSY'), use: async () => refuse(code) })
  return charge(member('acquirer-cn'), order, { ...world, codebook, random: () => 0n })
}

it.each([
  // A book that has moved does not know what the one before it used, for an attempt that may still be on its way.
  ['CODE_INVALID', { undecided: true }],
  ['CODE_USED', undefined],
  ['CODE_EXPIRED', undefined],
] as const)('a codebook that says %s leaves the payment %o', async (code, detail) => {
  expect(await heard(code)).toEqual({ ok: false, refusal: detail ? { code, detail } : { code } })
})
