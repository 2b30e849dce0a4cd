/** The staff looks for a payment, over the whole network: by everything it may know, and each role what it may see. */
import { describe, expect, it } from 'vitest'
import { codeAt, newRequest, startNetwork, until } from './network.ts'
import { deskOf } from './ops.ts'

const net = await startNetwork()
const operator = await deskOf(net, 'mei')
const supervisor = await deskOf(net, 'regulator')
const viewer = await deskOf(net, 'viet')

const found = async (query: Record<string, string>) => {
  const answer = await operator.get(`/payments?${new URLSearchParams(query)}`)
  expect(answer).toMatchObject({ status: 200, body: { missing: [] } })
  return answer.body.data as { paymentId: string; requestId: string }[]
}
/** Projections trail a decision by a moment. */
const finds = (query: Record<string, string>, paymentId: string) =>
  until(
    () => found(query),
    list => list.some(each => each.paymentId === paymentId),
  )

const code = codeAt('cn-silk')
const dayNow = () => new Date().toISOString().slice(0, 10)
const firstDay = dayNow()
const { payment } = await net.box.wallets.get('wallet-th')!.wallet.purchase({ code })
const paid = payment!
const till = await net.box.wallets.get('wallet-th')!.wallet.showCodes({})
const shown = till.codes[0]!
const sale = newRequest('till')
const charged = await net.client('acquirer-cn').charge({
  ...sale,
  consumerCode: shown.qr,
  amount: { currency: 'CNY', minor: '4321' },
  merchant: { id: 'cn-rail', name: 'MAGLEV', city: 'SHANGHAI', mcc: '4112', country: 'CN' },
  order: sale.requestId,
})

describe('a payment', () => {
  const one = paid.paymentId
  const other = charged.paymentId
  it.each<readonly [name: string, query: Record<string, string>, wanted: string]>([
    ['its id', { q: one }, one],
    ['the request that made it', { q: paid.requestId }, one],
    ['the order', { q: sale.requestId }, other],
    ['the scanned code', { q: code }, one],
    ['the QR on the phone', { q: shown.qr }, other],
    ['the bar code on the phone', { q: shown.barcode }, other],
    ['the merchant', { merchant: 'cn-silk' }, one],
    ['the merchant, wherever', { q: 'cn-rail' }, other],
    ['a member', { institution: 'wallet-th' }, one],
    ['the amount', { minAmount: '4321', maxAmount: '4321', currency: 'CNY' }, other],
    ['what became of it', { result: 'S', scenario: 'inbound' }, one],
  ])('is found by %s', async (_, query, wanted) => {
    expect((await finds(query, wanted)).map(({ paymentId }) => paymentId)).toContain(wanted)
  })

  it('is not found by what it is not', async () => {
    expect(await found({ q: 'nobody-asked' })).toEqual([])
    expect(await found({ q: paid.requestId, institution: 'wallet-my' })).toEqual([])
    expect(await found({ minAmount: '4322', maxAmount: '4330' })).toEqual([])
    expect(await found({ q: `pay_${'0'.repeat(32)}` })).toEqual([])
  })

  it('is shown whole: what it is, what is owed, who said what', async () => {
    const whole = await until(
      () => operator.get(`/payments/${one}`),
      ({ body }) => body.duties?.every(({ state }: { state: string }) => state === 'done'),
    )
    expect(whole.body).toMatchObject({
      payment: { paymentId: one, status: 'committed' },
      corridor: 'TH>CN',
      requester: 'wallet-th',
      responder: 'acquirer-cn',
      hold: { key: 'wallet-th-1' },
      acceptance: { key: 'acquirer-cn-1' },
    })
    const said = whole.body.ladder.map(
      ({ from, to, says }: Record<string, string>) => `${from} ${says} ${to}`,
    )
    expect(said.slice(0, 4)).toEqual([
      'wallet-th pay gateway',
      'gateway accept acquirer-cn',
      'acquirer-cn accepted gateway',
      'gateway success wallet-th',
    ])
    expect(said.at(-1)).toBe('acquirer-cn acknowledged gateway')
    const proven = whole.body.ladder.slice(0, 3).map(({ digest }: { digest: string }) => digest)
    expect(proven.every((digest: string) => /^sha-256=:[\w+/]{43}=:$/.test(digest))).toBe(true)
  })

  it('names its payer to those who may see payers, and to nobody else', async () => {
    const page = await operator.get(`/payments/${other}`)
    expect(page.body.payer).toBeNull()
    const mine = await operator.get(`/payments/${other}?payer=show`)
    const { reference } = mine.body.payer
    expect(reference).toMatch(/./)
    for (const desk of [supervisor, viewer]) {
      const theirs = await desk.get(`/payments/${other}`)
      expect(theirs.body).toMatchObject({ payer: null, payment: { status: 'committed' } })
      expect(JSON.stringify(theirs.body)).not.toContain(reference)
      const asked = await desk.get(`/payments/${other}?payer=show`)
      expect(asked).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } })
    }
    // Who has looked is known, and so is who was not let look.
    const trail = (await supervisor.get('/audit')).body.data as Record<string, unknown>[]
    expect(trail).toContainEqual(
      expect.objectContaining({ action: 'payment.read', subject: other, outcome: 'done' }),
    )
    expect(trail.filter(({ action }) => action === 'access.denied')).toHaveLength(2)
    expect((await supervisor.get('/audit/verify')).body).toMatchObject({ ok: true, fault: null })
  })
})

it('a report for the supervisor counts what went through, and leads to no payer and no payment', async () => {
  const report = await until(
    // A day may have ended since they were made.
    () => supervisor.get('/reports/traffic?days=2'),
    ({ body }) => body.total?.committed >= 2 && body.missing.length === 0,
  )
  const days = report.body.days as { committed: number }[]
  expect(days.reduce((sum, { committed }) => sum + committed, 0)).toBe(2)
  expect(report.body).toMatchObject({
    total: { opened: 2, committed: 2, aborted: 0, successRate: 1 },
    corridors: [{ name: 'TH>CN', committed: 2 }],
    scenarios: [{ name: 'inbound', committed: 2 }],
    network: { members: { stopped: 1 }, centers: { up: 3, away: 0 }, switchedOff: 0 },
    missing: [],
  })
  const text = JSON.stringify(report.body)
  for (const { paymentId, requestId } of [paid, charged]) {
    expect(text).not.toContain(paymentId)
    expect(text).not.toContain(requestId)
  }
})

it('the same report is a table, whole, with nobody in it either', async () => {
  const answer = await fetch(`${net.url}/ops/v1/reports/traffic.csv?days=2`, {
    headers: { 'cf-access-jwt-assertion': supervisor.token, 'cpg-ops': '1' },
  })
  expect(answer.headers.get('content-type')).toContain('text/csv')
  expect(answer.headers.get('content-disposition')).toMatch(/attachment; filename="traffic-/)
  const text = await answer.text()
  const rows = text
    .trimEnd()
    .split('\r\n')
    .map(line => line.split(','))
  const sums = (dimension: string, name: string) => {
    const found = rows.filter(each => each[1] === dimension && each[2] === name)
    for (const [day] of found) expect([firstDay, dayNow()]).toContain(day)
    const of = (column: number) => found.reduce((sum, each) => sum + Number(each[column]), 0)
    return { opened: of(3), committed: of(4), aborted: of(5) }
  }
  expect(sums('all', 'all')).toEqual({ opened: 2, committed: 2, aborted: 0 })
  expect(sums('corridor', 'TH>CN')).toEqual({ opened: 2, committed: 2, aborted: 0 })
  expect(sums('code', 'SUCCESS').committed).toBe(2)
  expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([12]))
  for (const { paymentId, requestId } of [paid, charged]) {
    expect(text).not.toContain(paymentId)
    expect(text).not.toContain(requestId)
  }
})

it('a notice is listed with how it stands', async () => {
  const notices = await until(
    () => operator.get('/notices?institution=acquirer-cn&state=done'),
    ({ body }) => body.data.length > 0,
  )
  expect(notices.body.data[0]).toMatchObject({ owner: 'acquirer-cn', state: 'done' })
  expect((await operator.get('/dead-letters')).body).toEqual({ data: [], more: false, missing: [] })
})
