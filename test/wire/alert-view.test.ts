/** What leaves a monitor of an alert about a payer: everything but who it is. */
import { describe, expect, it } from 'vitest'
import { type Alert, raise } from '../../src/domain/alert.ts'
import type { Subject } from '../../src/domain/anomaly.ts'
import { CodeWatch } from '../../src/domain/anomaly-code.ts'
import { alertSchema } from '../../src/wire/alert.ts'
import { alertView, muteView } from '../../src/wire/alert-view.ts'

const TOKEN = 'tok_9c1e7f3a'
const T0 = Date.UTC(2026, 9, 5, 3)

const alertOf = (subject: Subject, kind: Alert['kind'] = 'structuring'): Alert =>
  raise(
    7,
    {
      kind,
      subject,
      severity: 'warning',
      facts: { near: 9, usualShare: 0.03, fromShare: 0.9, minutes: 20 },
      confidence: 0.99,
      payments: ['p1'],
      paymentsSeen: 9,
      also: [{ dimension: 'payer', name: TOKEN, wallet: 'wallet-th' }],
      since: T0,
    },
    null,
    T0,
  )
const payer = { dimension: 'payer', name: TOKEN, wallet: 'wallet-th' } as const

describe('an alert about a payer', () => {
  it('says whose user it is, and nowhere who', () => {
    const view = alertView('hk', alertOf(payer))
    expect(view).toMatchObject({
      subject: { dimension: 'payer', name: 'wallet-th' },
      payer: null,
      also: [{ dimension: 'payer', name: 'wallet-th' }],
    })
    expect(view.says.en.title).toBe('Amounts just under the limit: a payer of wallet-th')
    expect(view.says.zh.title).toBe('金额恰在限额之下：wallet-th 的一位付款人')
    expect(JSON.stringify(view)).not.toContain(TOKEN)
  })

  it('of a wallet that nobody noted is about a payer, no more', () => {
    const view = alertView('hk', alertOf({ dimension: 'payer', name: TOKEN }))
    expect(view.subject).toEqual({ dimension: 'payer', name: '' })
    expect(view.says.en.title).toBe('Amounts just under the limit: a payer')
    expect(view.says.zh.title).toBe('金额恰在限额之下：一位付款人')
  })

  it('says who it is when it is told to', () => {
    expect(alertView('hk', alertOf(payer), true).payer).toBe(TOKEN)
    const merchant = { dimension: 'merchant', name: 'acquirer-th/m-1' } as const
    expect(alertView('hk', alertOf(merchant), true)).toMatchObject({
      subject: merchant,
      payer: null,
    })
  })

  it('is muted without a word of who it is', () => {
    const mute = {
      id: 'm',
      kind: null,
      subject: payer,
      from: T0,
      until: T0 + 1,
      reason: 'r',
      by: 'b',
    }
    expect(muteView(mute, []).subject).toEqual({ dimension: 'payer', name: 'wallet-th' })
    expect(JSON.stringify(muteView(mute, []))).not.toContain(TOKEN)
  })
})

describe('an alert about a consumer code that came twice', () => {
  const usedBy = 'pay_hk_0123456789abcdef'
  const [finding] = new CodeWatch().refused({
    at: T0,
    acquirer: 'acquirer-th',
    before: 'acquirer-cn',
    usedBy,
  })

  it('is about the payment that has the code, and speaks of no payer', () => {
    const view = alertView('hk', raise(8, finding!, null, T0), true)
    expect(view).toMatchObject({
      subject: { dimension: 'payment', name: usedBy },
      payer: null,
      payments: [usedBy],
      also: [
        { dimension: 'institution', name: 'acquirer-th' },
        { dimension: 'institution', name: 'acquirer-cn' },
      ],
    })
    expect(view.says.en.title).toBe('A code was presented twice: payment …89abcdef')
    expect(view.says.zh.title).toBe('同一付款码出示两次：支付 …89abcdef')
    expect(view.says.en.seen).toBe('acquirer-th presented a code that acquirer-cn had used.')
    expect(view.says.zh.seen).toBe('acquirer-th 出示了 acquirer-cn 已使用的付款码。')
    expect(alertSchema.parse(view)).toEqual(view)
  })
})
