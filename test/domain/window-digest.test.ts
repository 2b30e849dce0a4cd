import { describe, expect, it } from 'vitest'
import { type Directory, directoryOf } from '../../src/domain/directory.ts'
import { digester } from '../../src/domain/window-digest.ts'
import { aborted, committed, doubted, inquired, Lane, T0 } from '../db/lane.ts'

const directory: Directory = directoryOf({
  version: 1,
  centers: [],
  institutions: [],
  keys: [],
  epochs: [],
  routes: [],
  corridors: [
    {
      payerMarket: 'TH',
      payeeMarket: 'CN',
      status: 'open',
      singleMaxMinor: 20_000n,
      interchangeBp: 0,
      serviceFeeBp: 0,
    },
  ],
  rates: [
    {
      provider: 'fx',
      base: 'CNY',
      counter: 'THB',
      value: '5',
      markupBp: 0,
      asOf: 0,
      goodForMs: 60_000,
    },
    {
      provider: 'fx',
      base: 'USD',
      counter: 'CNY',
      value: '8',
      markupBp: 0,
      asOf: 0,
      goodForMs: 60_000,
    },
  ],
  switches: [],
})

const digest = digester({ directory, token: text => `<${text}>` })

describe('a digest', () => {
  it('says what happened to which payment, and leaves out what nobody watches', () => {
    const lane = new Lane()
    const [good, bad] = [lane.open(), lane.open(T0 + 10)]
    lane.tell(good, committed).tell(bad, doubted).tell(bad, inquired).tell(bad, aborted)
    const { sightings, payments, from, to } = digest(lane.run())
    expect([from, to]).toEqual([1, 6])
    expect(sightings.map(({ seq, what, of, code }) => [seq, what, of, code])).toEqual([
      [1, 'opened', 0, undefined],
      [2, 'opened', 1, undefined],
      [3, 'committed', 0, undefined],
      [4, 'doubted', 1, undefined],
      [6, 'aborted', 1, 'DECLINED'],
    ])
    expect(payments.map(({ id }) => id)).toEqual([good, bad])
  })

  it('knows who, where, how much in yuan and dollars, and how close to the limit', () => {
    const lane = new Lane()
    lane.open()
    expect(digest(lane.run()).payments[0]).toMatchObject({
      wallet: 'wallet-th',
      acquirer: 'acquirer-cn',
      responder: 'acquirer-cn',
      corridor: 'TH>CN',
      quotedAt: T0,
      payer: ['THB', '49748'],
      cny: 10_000,
      usd: 1_250,
      limitShare: 0.5,
      merchant: 'acquirer-cn/m1',
      order: '<order acquirer-cn o1>',
      person: null,
    })
  })

  it('shows a payer by a token alone', () => {
    const lane = new Lane('acquirer-cn')
    lane.open(T0, { presentment: 'cpm', responder: 'wallet-th', payerReference: '+66 81 234' })
    const [payment] = digest(lane.run()).payments
    expect(payment?.person).toBe('<person wallet-th +66 81 234>')
  })

  it('tells what is unfinished, and since when a duty was owed that is done', () => {
    const lane = new Lane()
    const id = lane.open()
    lane.tell(id, committed)
    expect(digest(lane.run(1, 1)).payments[0]?.unfinished).toEqual([
      { kind: 'deliver_receipt', institution: 'acquirer-cn', since: T0 + 1_000 },
    ])
    lane.tell(id, { type: 'duty_done', duty: 'deliver_receipt', owner: 'acquirer-cn' }, T0 + 1_090)
    const { payments, sightings } = digest(lane.run(3, 3))
    expect(payments[0]?.unfinished).toEqual([])
    expect(sightings).toMatchObject([{ what: 'delivered', since: T0 + 1_000, at: T0 + 1_090 }])
  })

  it('values what no rate prices by a rough table, and what nobody knows at nothing', () => {
    const lane = new Lane()
    lane.open(T0, { payee: { currency: 'IDR', minor: 167_000_000n } })
    lane.open(T0, { payee: { currency: 'XAU', minor: 1n } })
    const [rupiah, gold] = digest(lane.run()).payments
    expect(rupiah?.usd).toBe(10_000)
    expect(gold).toMatchObject({ cny: 0, usd: 0 })
  })
})
