import { describe, expect, it } from 'vitest'
import { type DirectoryRows, directoryOf, type Switch } from '../../src/domain/directory.ts'
import type { Message } from '../../src/domain/payment.ts'
import { refuse } from '../../src/domain/result.ts'
import { AWAY_MS } from '../../src/domain/unavailable.ts'
import { pay } from '../../src/flows/pay.ts'
import { readPayment } from '../../src/flows/read.ts'
import { resolve } from '../../src/flows/resolve.ts'
import { acquirers } from '../../src/members/cast.ts'
import { sealKeys } from '../../src/trust/seal.ts'
import { peerPaths } from '../../src/wire/peer.ts'
import {
  codeOf,
  type FakeWorld,
  fakeWorld,
  honest,
  member,
  NOW,
  payOrder,
  quoteOf,
  quoteOrder,
  rows,
  type Script,
} from './world.ts'

const rail = acquirers[0]!.merchants.find(({ id }) => id === 'cn-rail')!.dynamicCode
const silk = acquirers[0]!.merchants.find(({ id }) => id === 'cn-silk')!.dynamicCode
const wallet = member('wallet-th')

const quote = (world: FakeWorld, more = {}) => quoteOf(world, 'wallet-th', quoteOrder(rail, more))

/** An acquirer that is honest, but says this when it is asked to accept. */
const accepting =
  (said: object | null): Script =>
  (path, asked) =>
    path === peerPaths.accept ? said : honest(path, asked)

const paths = (world: FakeWorld) => world.asked.map(({ path }) => path)
const only = (world: FakeWorld) => [...world.payments.values()][0]

describe('a change that a lane has heard of before the edge', () => {
  const limit = {
    institution: 'wallet-th',
    scope: '*',
    kind: 'count_day',
    from: 0,
    value: 9n,
  } as const
  const closed: Switch = { subject: 'corridor', name: 'TH>CN', reason: 'made up', until: null }

  /** A lane on whose shares this version of the directory has come, and what the edge hears when it looks again. */
  async function behind(renewed: Partial<DirectoryRows>) {
    const world = fakeWorld(honest, { limits: [limit] })
    const { submit } = world.lane('hk', {} as never)
    const versions: (number | undefined)[] = []
    const lane = {
      ...world.lane('hk', {} as never),
      submit: (id: string, message: Message) => {
        if (message.kind !== 'open') return submit(id, message)
        versions.push(message.version)
        const isBehind = (message.version ?? 0) < rows.version + 1
        const says = { notOpened: true, isBehind: true } as const
        return isBehind ? Promise.resolve(refuse('BUSY', says)) : submit(id, message)
      },
    }
    world.lane = () => lane
    const directory = directoryOf({ ...rows, limits: [limit], ...renewed })
    world.renewed = async () => ({ ...world, directory })
    return { world, versions, order: payOrder(await quote(world)) }
  }

  it('is looked up, and what it closes is closed', async () => {
    const { world, order } = await behind({ version: rows.version + 1, switches: [closed] })
    expect(codeOf(await pay(wallet, order, world))).toBe('CORRIDOR_CLOSED')
    expect(paths(world)).not.toContain(peerPaths.accept)
  })

  it('is looked up, and what it leaves open is paid', async () => {
    const { world, versions, order } = await behind({ version: rows.version + 1 })
    expect(await pay(wallet, order, world)).toMatchObject({ value: { status: 'committed' } })
    expect(versions).toEqual([rows.version, rows.version + 1])
  })

  it('is looked up behind the answer, where a lender stopped a member by it', async () => {
    const { world, order } = await behind({})
    const looked: number[] = []
    const [lane, { renewed }] = [world.lane('hk', {} as never), world]
    world.lane = () => ({ ...lane, submit: async () => refuse('MEMBER_SUSPENDED') })
    world.renewed = () => {
      looked.push(1)
      return renewed()
    }
    const refused = await pay(wallet, order, world)
    expect(refused).toEqual(refuse('MEMBER_SUSPENDED'))
    expect(looked).toHaveLength(1)
  })

  it('is waited for where the directory cannot be asked', async () => {
    const { world, versions, order } = await behind({})
    expect(codeOf(await pay(wallet, order, world))).toBe('BUSY')
    expect(versions).toHaveLength(2)
  })
})

describe('a center that is known to be away', () => {
  const awayFrom = async (tries: boolean) => {
    const world = fakeWorld()
    const made = await quote(world)
    Object.assign(world.away, { center: true, tries })
    return { world, made }
  }

  it('is told of before anybody holds money for it', async () => {
    const { world } = await awayFrom(false)
    const refused = await resolve(wallet, quoteOrder(rail, { requestId: 'request-2' }), world)
    expect(refused).toMatchObject({
      refusal: { code: 'CENTER_UNAVAILABLE', detail: { notOpened: true, retryAfterMs: AWAY_MS } },
    })
  })

  it('is quoted again by the call that finds it back', async () => {
    const { world } = await awayFrom(true)
    const again = await resolve(wallet, quoteOrder(rail, { requestId: 'request-2' }), world)
    expect(again.ok).toBe(true)
  })

  it('opens nothing, for certain, where nothing was sent to it', async () => {
    const { world, made } = await awayFrom(false)
    const refused = await pay(wallet, payOrder(made), world)
    expect(refused).toMatchObject({
      refusal: { code: 'CENTER_UNAVAILABLE', detail: { notOpened: true } },
    })
  })

  it('may have opened a payment where the call was lost on the way', async () => {
    const { world, made } = await awayFrom(true)
    world.breakLane(1)
    await expect(pay(wallet, payOrder(made), world)).rejects.toThrow('Network connection lost.')
  })
})

describe('paying a quote', () => {
  it('opens, asks the acquirer once, commits, and delivers the receipt', async () => {
    const world = fakeWorld()
    const made = await quote(world)
    const paid = await pay(wallet, payOrder(made), world)
    expect(paid).toMatchObject({
      value: { status: 'committed', acceptance: { reference: 'accepted-1', key: 'acquirer-cn-1' } },
    })
    await world.settle()
    expect(paths(world)).toEqual([peerPaths.order, peerPaths.accept, peerPaths.notice])
    expect(world.asked[1]?.body).toMatchObject({
      paymentId: made.terms.paymentId,
      order: 'order-1',
      deadline: new Date(NOW + 8_000).toISOString(),
      decideBy: new Date(NOW + 15_000).toISOString(),
    })
    expect(only(world)?.duties.every(({ nextAt }) => nextAt === null)).toBe(true)
  })

  it('again gives the payment as it is, and asks nobody', async () => {
    const world = fakeWorld()
    const order = payOrder(await quote(world))
    const first = await pay(wallet, order, world)
    await world.settle()
    const before = paths(world).length
    const second = await pay(wallet, order, world)
    expect(second).toMatchObject({ value: { status: 'committed' } })
    expect(first.ok && second.ok && second.value.acceptance).toEqual(
      first.ok && first.value.acceptance,
    )
    expect(paths(world)).toHaveLength(before)
  })

  it('works until the last millisecond of the quote', async () => {
    const world = fakeWorld()
    const order = payOrder(await quote(world))
    world.clock.now = NOW + 299_999
    expect(codeOf(await pay(wallet, order, world))).toBe('ok')
  })

  it('is refused from the millisecond on at which the quote expires, and nothing is made', async () => {
    const world = fakeWorld()
    const order = payOrder(await quote(world))
    world.clock.now = NOW + 300_000
    expect(codeOf(await pay(wallet, order, world))).toBe('QUOTE_EXPIRED')
    expect(world.payments.size).toBe(0)
    expect(paths(world)).toEqual([peerPaths.order])
  })

  it('after it has expired helps to a new quote for the same request, which makes one payment whatever comes late', async () => {
    const world = fakeWorld()
    const old = await quote(world)
    world.clock.now = NOW + 300_000
    expect(codeOf(await pay(wallet, payOrder(old), world))).toBe('QUOTE_EXPIRED')
    const [one, other] = [await quote(world), await quote(world)]
    expect(one.terms.paymentId).toBe(old.terms.paymentId)
    expect(codeOf(await pay(wallet, payOrder(one, { bodyHash: 'bb' }), world))).toBe('ok')
    for (const order of [payOrder(old), payOrder(other, { bodyHash: 'cc' })]) {
      expect(codeOf(await pay(wallet, order, world))).toBe('REPEAT_REQ_INCONSISTENT')
    }
    expect([...world.payments.values()]).toMatchObject([{ status: 'committed', bodyHash: 'bb' }])
  })

  it('again after the quote has expired still gives the payment', async () => {
    const world = fakeWorld()
    const order = payOrder(await quote(world))
    await pay(wallet, order, world)
    world.clock.now = NOW + 86_400_000
    expect(await pay(wallet, order, world)).toMatchObject({ value: { status: 'committed' } })
  })

  it('again with a quote that no key opens any more still gives the payment, and only that one', async () => {
    const world = fakeWorld()
    const order = payOrder(await quote(world))
    await pay(wallet, order, world)
    const later = { ...world, seals: sealKeys({ b: Buffer.alloc(32, 9).toString('base64') }) }
    expect(await pay(wallet, order, later)).toMatchObject({ value: { status: 'committed' } })
    const another = await pay(wallet, { ...order, bodyHash: 'ab' }, later)
    expect(codeOf(another)).toBe('QUOTE_INVALID')
    expect(codeOf(await pay(member('wallet-my'), order, later))).toBe('QUOTE_INVALID')
    expect(world.payments.size).toBe(1)
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, payer: string, more: Parameters<typeof payOrder>[1]]>([
    ['for another wallet',      'wallet-my', {}],
    ['for the acquirer',        'acquirer-cn', {}],
    ['for another request',     'wallet-th', { requestId: 'request-2' }],
    ['for another instant',     'wallet-th', { requestedAt: NOW + 1 }],
    ['that is none',            'wallet-th', { quote: 'hello' }],
    ['that is empty',           'wallet-th', { quote: '' }],
  ])('%s is refused as no quote of theirs, and nothing is made', async (_, payer, more) => {
    const world = fakeWorld()
    const order = payOrder(await quote(world), more)
    expect(codeOf(await pay(member(payer), order, world))).toBe('QUOTE_INVALID')
    expect(world.payments.size).toBe(0)
    expect(paths(world)).toEqual([peerPaths.order])
  })

  it('of another gateway is refused', async () => {
    const world = fakeWorld()
    const order = payOrder(await quote(world))
    const seals = sealKeys({ a: Buffer.alloc(32, 8).toString('base64') })
    expect(codeOf(await pay(wallet, order, { ...world, seals }))).toBe('QUOTE_INVALID')
  })

  it('under a requestId that has a payment of another body is refused, and the payment stays', async () => {
    const world = fakeWorld()
    const [one, other] = [await quote(world), await quote(world, { code: silk })]
    await pay(wallet, payOrder(one), world)
    for (const order of [payOrder(one, { bodyHash: 'bb' }), payOrder(other, { bodyHash: 'cc' })]) {
      expect(codeOf(await pay(wallet, order, world))).toBe('REPEAT_REQ_INCONSISTENT')
    }
    expect(only(world)).toMatchObject({ status: 'committed', bodyHash: 'aa' })
    expect(world.payments.size).toBe(1)
  })

  const closings: readonly (readonly [string, Switch['subject'], string, string])[] = [
    ['the wallet', 'institution', 'wallet-th', 'MEMBER_SUSPENDED'],
    ['the acquirer', 'institution', 'acquirer-cn', 'MEMBER_SUSPENDED'],
    ['the corridor', 'corridor', 'TH>CN', 'CORRIDOR_CLOSED'],
    ['the family', 'family', 'unionpay', 'CODE_UNSUPPORTED'],
  ]

  it.each(closings)(
    'after %s was closed is refused, unless it was paid before',
    async (_, subject, name, code) => {
      const world = fakeWorld()
      const before = payOrder(await quote(world))
      const after = payOrder(await quote(world, { requestId: 'request-2' }))
      await pay(wallet, before, world)
      const change: Partial<DirectoryRows> = {
        switches: [{ subject, name, reason: 'x', until: null }],
      }
      const closed = { ...world, directory: fakeWorld(undefined, { ...rows, ...change }).directory }
      expect(codeOf(await pay(wallet, after, closed))).toBe(code)
      expect(await pay(wallet, before, closed)).toMatchObject({ value: { status: 'committed' } })
      expect(world.payments.size).toBe(1)
    },
  )

  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, said: object | null, status: string, code: string]>([
    ['no',                         { result: 'F', code: 'RISK_REJECT' },    'aborted',  'RISK_REJECT'],
    ['no, in words of its own',    { result: 'F', code: '<b>no</b>' },      'aborted',  'DECLINED'],
    ['nothing',                    null,                                    'in_doubt', 'PAYMENT_IN_PROCESS'],
    ['that it cannot say',         { result: 'U' },                         'in_doubt', 'PAYMENT_IN_PROCESS'],
    ['yes, without a reference',   { result: 'S' },                         'in_doubt', 'PAYMENT_IN_PROCESS'],
    ['yes, with a reference of markup', { result: 'S', reference: '<b>' },  'in_doubt', 'PAYMENT_IN_PROCESS'],
    ['something else',             { result: 'maybe' },                     'in_doubt', 'PAYMENT_IN_PROCESS'],
  ])('whose acquirer says %s', async (_, said, status, resultCode) => {
    const world = fakeWorld(accepting(said))
    const paid = await pay(wallet, payOrder(await quote(world)), world)
    expect(paid).toMatchObject({ value: { status, resultCode, acceptance: null } })
  })

  it('whose acquirer says yes after the deadline stays aborted, and the order is voided', async () => {
    const world = fakeWorld((path, asked) => {
      if (path === peerPaths.accept) world.clock.now = NOW + 15_000
      return honest(path, asked)
    })
    const paid = await pay(wallet, payOrder(await quote(world)), world)
    expect(paid).toMatchObject({ value: { status: 'aborted', resultCode: 'DEADLINE_EXCEEDED' } })
    await world.settle()
    expect(only(world)).toMatchObject({ status: 'aborted', acceptance: null })
    expect(only(world)?.duties.map(({ kind }) => kind)).toContain('void_order')
  })

  it('answers what is known when the lane is lost after the acquirer accepted', async () => {
    const world = fakeWorld()
    const order = payOrder(await quote(world))
    world.breakLane(2)
    expect(await pay(wallet, order, world)).toMatchObject({
      value: { status: 'pending', resultCode: 'PAYMENT_IN_PROCESS' },
    })
    expect(only(world)?.status).toBe('pending')
  })

  it('fails, and asks nobody, when the lane is lost before the payment was opened', async () => {
    const world = fakeWorld()
    const order = payOrder(await quote(world))
    world.breakLane(1)
    await expect(pay(wallet, order, world)).rejects.toThrow('Network connection lost')
    expect(paths(world)).toEqual([peerPaths.order])
  })
})

describe('reading a payment', () => {
  it('is for its two parties; to others it does not exist, patient or not', async () => {
    const world = fakeWorld()
    const { terms } = await quote(world)
    const id = terms.paymentId
    expect(codeOf(await readPayment(wallet, id, 0, world))).toBe('PAYMENT_NOT_EXIST')
    await pay(wallet, payOrder(await quote(world)), world)
    for (const patienceMs of [0, 1_000]) {
      for (const party of ['wallet-th', 'acquirer-cn']) {
        expect(codeOf(await readPayment(member(party), id, patienceMs, world))).toBe('ok')
      }
      for (const { id: stranger } of rows.institutions) {
        if (stranger === 'wallet-th' || stranger === 'acquirer-cn') continue
        const read = await readPayment(member(stranger), id, patienceMs, world)
        expect(read).toEqual({ ok: false, refusal: { code: 'PAYMENT_NOT_EXIST' } })
      }
    }
  })

  it.each([
    ['of no center', 0, 'z'],
    ['of no institution', 4, 'z'],
    ['of an epoch far ahead', 8, '1'],
    ['of a lane that is none', 10, 'z'],
  ])('%s reaches no lane', async (_, at, letter) => {
    const world = fakeWorld()
    const { terms } = await quote(world)
    const id = `pay_${terms.paymentId.slice(4, 4 + at)}${letter}${terms.paymentId.slice(5 + at)}`
    expect(id).not.toBe(terms.paymentId)
    // A lane that is reached in this world would throw instead.
    world.breakLane(1)
    expect(codeOf(await readPayment(wallet, id, 0, world))).toBe('PAYMENT_NOT_EXIST')
    await expect(readPayment(wallet, terms.paymentId, 0, world)).rejects.toThrow()
  })
})
