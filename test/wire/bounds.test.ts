/** The largest payment there can be still fits whatever carries it. */
import { expect, it } from 'vitest'
import { packJson } from '../../src/domain/pack.ts'
import { apply, decide, type Message, type Payment } from '../../src/domain/payment.ts'
import type { Terms } from '../../src/domain/quote.ts'
import { REFUNDS_MAX } from '../../src/domain/refund.ts'
import { BODY_MAX } from '../../src/domain/signature.ts'
import { paymentView } from '../../src/wire/view.ts'
import { T0 } from '../domain/play.ts'
import { terms } from '../domain/terms.ts'

/** A message of the queue takes 128 KB; its other half is left to events. */
const MESSAGE_HALF = 64_000
const RECEIPT = 'r'.repeat(1_000)
const id = (n: number) => `${n}`.padEnd(64, 'x')
const most = (currency: string) => ({ currency, minor: 10n ** 15n })

const widest: Terms = {
  ...terms,
  requestId: id(1),
  requester: 'w'.repeat(32),
  responder: 'a'.repeat(32),
  order: id(2),
  payer: most('THB'),
  payee: most('CNY'),
  merchant: {
    id: id(3),
    name: '丝'.repeat(100),
    city: '路'.repeat(50),
    mcc: '5499',
    country: 'CN',
  },
}

/** With as many refunds as there may be, each reported, and nothing acknowledged. */
function largest(): Payment {
  let payment: Payment | null = null
  const say = (message: Message): Payment => {
    const decision = decide(payment, message, T0)
    if (!decision.ok) throw new Error(decision.refusal.code)
    payment = decision.value.reduce<Payment | null>(apply, payment)
    if (payment === null) throw new Error('nothing was opened')
    return payment
  }
  const bodyHash = 'f'.repeat(64)
  say({ kind: 'open', terms: widest, bodyHash, hold: { reference: id(4), key: id(5) } })
  say({ kind: 'answer', verdict: { said: 'accepted', reference: id(6), key: id(7) } })
  for (let n = 0; n < REFUNDS_MAX; n += 1) {
    const amount = { currency: 'CNY', minor: 10n ** 12n }
    const refund = say({ kind: 'refund', requestId: id(n), bodyHash, amount }).refunds?.at(-1)?.id
    const answer = { said: 'refunded', reference: id(n) } as const
    say({ kind: 'refund_answer', refund: refund ?? '', answer })
  }
  return say({ kind: 'left' })
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length

it('a payment with fifty refunds fits a notice, an answer and a message of the queue', () => {
  const payment = largest()
  expect(payment.refunds).toHaveLength(50)
  expect(payment.duties.length).toBeGreaterThan(50)
  expect(bytesOf(packJson(payment))).toBeLessThan(MESSAGE_HALF)
  const notice = { type: 'refund.refunded', data: paymentView(payment, RECEIPT) }
  expect(bytesOf(JSON.stringify(notice))).toBeLessThan(BODY_MAX - 1_000)
})
