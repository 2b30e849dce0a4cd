import { describe, expect, it } from 'vitest'
import { CONSUMER_FAMILY, type CodeRow, tokenOf, useCode } from '../../src/domain/consumer-code.ts'
import type { RefusalCode } from '../../src/domain/refusal.ts'
import { refuse } from '../../src/domain/result.ts'
import { charge } from '../../src/flows/charge.ts'
import { useScanned } from '../../src/flows/consumer-code.ts'
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

it('a code that no route knows any more leaves the payment undecided: an earlier attempt may have known one', async () => {
  const codebook = () => ({ issue: async () => refuse('BUSY'), use: async () => refuse('BUSY') })
  const world = { ...fakeWorld(honest), codebook, random: () => 0n }
  expect(await charge(member('acquirer-cn'), order, world)).toMatchObject({
    refusal: { detail: { undecided: true } },
  })
})

describe("a wallet's own code", () => {
  const own = '280000000000000042'
  const ownRoute = { ...route, key: '28', institution: 'wallet-th', family: 'own' }
  const moved = [
    ...rows.epochs,
    ...rows.epochs
      .filter(({ institution }) => institution === 'wallet-th')
      .map(epoch => ({ ...epoch, epoch: 2, from: NOW, center: 'sg' })),
  ]
  const centers = [...rows.centers, { id: 'sg', number: 2, locationHint: 'apac' }]

  /** Books in each center, as they really are. */
  function books() {
    const used = new Map<string, Map<string, CodeRow>>()
    return (center: string) => ({
      issue: async () => refuse('BUSY'),
      use: async (token: string, paymentId: string) => {
        const book = used.get(center) ?? new Map<string, CodeRow>()
        used.set(center, book)
        const row = useCode(book.get(token) ?? null, token, paymentId, NOW)
        if (row.ok) book.set(token, row.value)
        return row
      },
    })
  }
  const scanned = { wallet: 'wallet-th', family: 'own', token: own, isOwn: true }

  it('is used once, whatever center serves the wallet by then', async () => {
    const codebook = books()
    const world = (more: object) =>
      ({
        ...fakeWorld(honest, { routes: [...rows.routes, ownRoute], ...more }),
        codebook,
        random: () => 0n,
      }) as never
    const use = (id: string, more: object) =>
      useScanned(scanned, member('wallet-th'), id, world(more))
    expect(await use('pay_1', {})).toMatchObject({ ok: true })
    const after = { epochs: moved, centers }
    expect(await use('pay_2', after)).toMatchObject({ refusal: { code: 'CODE_USED' } })
    expect(await use('pay_1', after)).toMatchObject({ ok: true })
    const lost = centers.map(each => (each.id === 'sg' ? each : { ...each, status: 'down' }))
    expect(await use('pay_3', { epochs: moved, centers: lost })).toMatchObject({
      refusal: { code: 'CODE_USED' },
    })
  })
})
