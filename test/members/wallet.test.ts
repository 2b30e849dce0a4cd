import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { wallets } from '../../src/members/cast.ts'
import { startWallet } from '../../src/members/run.ts'
import type { PaymentView, Quote } from '../../src/wire/payment.ts'
import { type Asked, party, payment, problem } from '../sdk/network.ts'
import { fakeGateway, noticeOf } from './gateway.ts'

const entry = wallets.find(({ id }) => id === 'wallet-th')!
const member = await party(entry.id, entry.algorithm)
const gateway = await fakeGateway([member])
const clock = { ahead: 0 }
const logged: string[] = []
const running = await startWallet(entry, {
  port: 0,
  dataDir: null,
  gatewayUrl: gateway.url,
  gatewayKeys: [gateway.keys.verifying],
  keyPair: member.stored,
  log: event => logged.push(event),
  now: () => Date.now() + clock.ahead,
  // Time passes only here, and only as far as it takes to lose patience.
  pause: async ms => {
    clock.ahead += ms
  },
  settleEveryMs: 0,
})
const { wallet, book } = running
afterEach(() => {
  clock.ahead = 0
})
afterAll(async () => {
  await running.stop()
  await gateway.stop()
})

/** Short, so that its end lies within the window of signatures. */
const QUOTE_LIFE_MS = 60_000
let made = 0
type Answer = { status: number; json: unknown }
type Step = (asked: Asked, paymentId: string) => Answer
type Play = Partial<Record<'quote' | 'pay' | 'read' | 'inquire', Step>>

const ok = (json: unknown): Answer => ({ status: 200, json })
const breaks = () => {
  throw new Error('the line breaks')
}
const refusal =
  (code: string, status: number, result: 'F' | null = null) =>
  () => ({
    status,
    json: problem(code, status, { result }),
  })
const open = { result: 'U', status: 'pending', resultCode: 'PAYMENT_IN_PROCESS' } as const
const aborted = { result: 'F', status: 'aborted', resultCode: 'DEADLINE_EXCEEDED' } as const

/** A gateway that commits, except where the play says otherwise. Gives the id of the payment it makes. */
function play(steps: Play = {}) {
  const paymentId = `pay_${(++made).toString().padStart(32, '0')}`
  const asked: Asked[] = []
  const quote = (one: Asked): Quote => {
    const { requestId } = one.body as { requestId: string }
    const { scenario, family, merchant, payer, payee, rate, fees, acquirer } = payment()
    return {
      ...{ paymentId, requestId, scenario, family, merchant, payer, payee, rate, fees, acquirer },
      expiresAt: new Date(Date.now() + QUOTE_LIFE_MS).toISOString(),
      quote: 'sealed',
    }
  }
  gateway.play(one => {
    asked.push(one)
    if (one.path === '/v1/quotes') return steps.quote?.(one, paymentId) ?? ok(quote(one))
    if (one.method === 'POST') return steps.pay?.(one, paymentId) ?? ok(payment({ paymentId }))
    if (one.path.includes('requestId=')) return (steps.inquire ?? breaks)(one, paymentId)
    return (steps.read ?? breaks)(one, paymentId)
  })
  const view = (more: Partial<PaymentView>) => ok(payment({ paymentId, ...more }))
  return { paymentId, asked, view, held: () => book.holds.byPayment(paymentId)?.state ?? null }
}

const buy = () => wallet.purchase({ code: 'a code' })

describe('a purchase', () => {
  it('holds the money before it pays, and captures it on the commit', async () => {
    let heldWhenPaid: string | null = null
    const { asked, held, view } = play({
      pay: () => {
        heldWhenPaid = held()
        return view({})
      },
    })
    const outcome = await wallet.purchase({
      code: 'a code',
      amount: { currency: 'CNY', minor: '6800' },
    })
    expect(outcome).toMatchObject({ result: 'S', resultCode: 'SUCCESS', hold: 'captured' })
    expect(heldWhenPaid).toBe('held')
    const [quoted, paid] = asked.map(({ body }) => body as Record<string, unknown>)
    expect(quoted).toMatchObject({ code: 'a code', amount: { currency: 'CNY', minor: '6800' } })
    expect(paid).toMatchObject({ quote: 'sealed', requestId: quoted!.requestId })
    expect(paid!.requestedAt).toBe(quoted!.requestedAt)
  })

  it('that is refused a quote holds nothing', async () => {
    const { held, asked } = play({ quote: refusal('NO_ROUTE', 422, 'F') })
    expect(await buy()).toMatchObject({ result: 'F', resultCode: 'NO_ROUTE', hold: null })
    expect(held()).toBeNull()
    expect(asked).toHaveLength(1)
  })

  it('that the user declines holds nothing', async () => {
    const { held, asked } = play()
    const shown: string[] = []
    const outcome = await wallet.purchase({
      code: 'a code',
      confirm: ({ merchant }) => {
        shown.push(merchant.name)
        return false
      },
    })
    expect(outcome).toMatchObject({ result: 'F', resultCode: 'USER_REJECTED', hold: null })
    expect(shown).toEqual(['SANLITUN TEA HOUSE'])
    expect(held()).toBeNull()
    expect(asked).toHaveLength(1)
  })

  it.each<[string, Play['pay'], 'F' | null]>([
    ['aborted', (_, paymentId) => ok(payment({ ...aborted, paymentId })), 'F'],
    ['refused with F', refusal('QUOTE_EXPIRED', 409, 'F'), 'F'],
    ['turned away at the first attempt', refusal('MEMBER_SUSPENDED', 403), null],
  ])('that is %s releases the hold, and tells who said so', async (_, pay, said) => {
    const { held } = play({ ...(pay && { pay }) })
    expect(await buy()).toMatchObject({ result: 'F', said, hold: 'released' })
    expect(held()).toBe('released')
  })

  it('that is undecided waits for the decision', async () => {
    const { held } = play({
      pay: (_, paymentId) => ok(payment({ ...open, paymentId })),
      read: (_, paymentId) => ok(payment({ ...aborted, paymentId })),
    })
    expect(await buy()).toMatchObject({
      result: 'F',
      resultCode: 'DEADLINE_EXCEEDED',
      hold: 'released',
    })
    expect(held()).toBe('released')
  })

  it('that stays undecided leaves the money held', async () => {
    const { held } = play({
      pay: (_, paymentId) => ok(payment({ ...open, paymentId })),
      read: (_, paymentId) => ok(payment({ ...open, paymentId })),
    })
    expect(await buy()).toMatchObject({ result: 'U', hold: 'held' })
    expect(held()).toBe('held')
  })

  // The money stays where nobody knows whether it is owed.
  it.each<[string, Play]>([
    ['answers that are lost, the inquiry too', { pay: breaks, inquire: breaks }],
    [
      'an inquiry that knows nothing yet',
      { pay: breaks, inquire: refusal('PAYMENT_NOT_EXIST', 404) },
    ],
    ['another body under its requestId', { pay: refusal('REPEAT_REQ_INCONSISTENT', 409) }],
  ])('keeps its hold after %s', async (_, steps) => {
    const { held } = play(steps)
    expect(await buy()).toMatchObject({
      result: 'U',
      resultCode: 'PAYMENT_IN_PROCESS',
      hold: 'held',
    })
    expect(held()).toBe('held')
  })
})

describe('a hold that was left waiting', () => {
  const left = async () => {
    const played = play({ pay: breaks, inquire: breaks })
    await buy()
    return played
  }

  it('is settled by an inquiry, once it is old enough', async () => {
    const { held, view } = await left()
    gateway.play(() => view({}))
    clock.ahead = 10_000
    await wallet.settleOpen()
    expect(held()).toBe('held')
    clock.ahead = 90_000
    await wallet.settleOpen()
    expect(held()).toBe('captured')
  })

  it('of a payment that does not exist is released only when its quote is over', async () => {
    const { held } = await left()
    gateway.play(refusal('PAYMENT_NOT_EXIST', 404))
    // Within the minute that clocks may differ by, and far from its end: the real time goes on, too.
    clock.ahead = QUOTE_LIFE_MS + 30_000
    await wallet.settleOpen()
    expect(held()).toBe('held')
    clock.ahead = 2 * QUOTE_LIFE_MS + 1_000
    await wallet.settleOpen()
    expect(held()).toBe('released')
  })

  const tell = (notice: object) => gateway.ask(member, `${running.url}/notices`, notice)

  it('is captured by the notice of the commit, however often it comes', async () => {
    const { held, paymentId } = await left()
    const notice = noticeOf('capture', await gateway.committed(payment({ paymentId })))
    const before = logged.length
    expect(await tell(notice)).toEqual({ status: 200, json: { result: 'S' } })
    expect(await tell(notice)).toEqual({ status: 200, json: { result: 'S' } })
    expect(held()).toBe('captured')
    expect(logged.slice(before)).toEqual(['captured'])
  })

  it('is released by the notice of the abort, and a capture after it is not acknowledged', async () => {
    const { held, paymentId } = await left()
    const released = noticeOf('release_hold', payment({ ...aborted, paymentId }))
    expect(await tell(released)).toMatchObject({ status: 200 })
    const capture = noticeOf('capture', await gateway.committed(payment({ paymentId })))
    expect(await tell(capture)).toMatchObject({ status: 500 })
    expect(held()).toBe('released')
  })

  it.each<[string, (paymentId: string) => Promise<object>]>([
    ['a capture without a receipt', async paymentId => noticeOf('capture', payment({ paymentId }))],
    [
      "an acquirer's duty",
      async paymentId =>
        noticeOf('deliver_receipt', await gateway.committed(payment({ paymentId }))),
    ],
    [
      "another wallet's payment",
      async paymentId =>
        noticeOf('capture', await gateway.committed(payment({ paymentId, wallet: 'wallet-cn' }))),
    ],
  ])('is not moved by %s', async (_, notice) => {
    const { held, paymentId } = await left()
    expect(await tell(await notice(paymentId))).toMatchObject({ status: 500 })
    expect(held()).toBe('held')
  })
})
