/** Limits on the running network: what is used up, by how many lanes at once, what members hear of it, and how it ends. */
import { beforeAll, describe, expect, it } from 'vitest'
import { putInstitution, putLimit } from '../../src/db/directory-change.ts'
import type { Limit } from '../../src/domain/limit.ts'
import { createClient, GatewayRefusal } from '../../src/sdk/index.ts'
import { startNetwork, until } from './network.ts'
import { deskOf } from './ops.ts'
import { quoted } from './sale.ts'

const net = await startNetwork()
const german = net.client('wallet-de')
/** One that takes the first answer for an answer. */
const impatient = createClient({
  gateway: net.url,
  institution: 'wallet-de',
  key: net.keys['wallet-de-1']!,
  gatewayKeys: net.gatewayKeys,
  retry: { attemptsMax: 1 },
})

/** Soon, and the beginning of a second: payments of one are counted from the first that begins under their limit. */
const nextSecond = () => 1_000 * Math.ceil(Date.now() / 1_000 + 1)

const limit = (row: Partial<Limit>): Limit => ({
  institution: 'wallet-de',
  scope: 'DE>TH',
  kind: 'value_day',
  from: nextSecond(),
  value: 0n,
  ...row,
})

/** A zone in which it is noon or soon after: no day ends while it is used up, whenever this runs. */
function noonZone(now: number): string {
  const ahead = 12 - new Date(now).getUTCHours()
  return `Etc/GMT${ahead < 0 ? '+' : '-'}${Math.abs(ahead)}`
}

/** Puts limits in force and waits until the gateway shows them. */
async function limited(...rows: Limit[]) {
  await net.change(...rows.map(putLimit))
  for (const { institution, scope, kind, value } of rows) {
    const shown = async () =>
      (await net.client(institution).limits()).data.find(
        each => each.scope === scope && each.kind === kind,
      )
    const found = await until(shown, row => row?.value === value?.toString(), 30_000, 100)
    expect(found).toMatchObject({ value: value?.toString() })
  }
}

async function sale(minor: string, merchant = 'th-padthai') {
  const { order } = await quoted(net, {
    wallet: 'wallet-de',
    merchant,
    amount: { currency: 'EUR', minor },
  })
  return order
}

/** The refusal as it was heard. */
async function refusalOf(asked: Promise<unknown>): Promise<GatewayRefusal> {
  const said = await asked.then(
    value => value,
    error => error,
  )
  if (said instanceof GatewayRefusal) return said
  throw new Error(`no refusal but ${JSON.stringify(said)}`)
}

const useOf = async (scope: string, kind: string) =>
  (await german.limits()).data.find(each => each.scope === scope && each.kind === kind)

describe('a limit of a day', () => {
  beforeAll(async () => {
    const { institutions } = await net.rows()
    const counting = institutions.filter(({ id }) => id === 'wallet-de' || id === 'acquirer-th')
    const zone = noonZone(Date.now())
    await net.change(...counting.map(row => putInstitution({ ...row, zone })))
    await limited(limit({ value: 10_00n }), limit({ kind: 'count_day', value: 1_000n }))
  })

  it('is used to its last cent by payments that come at once, and not beyond', async () => {
    const orders = await Promise.all(Array.from({ length: 14 }, () => sale('100')))
    const heard = await Promise.all(
      orders.map(order => german.pay(order).catch((error: unknown) => error as GatewayRefusal)),
    )
    const refused = heard.filter(said => said instanceof GatewayRefusal)
    let paid = heard.filter(said => 'status' in said && said.status === 'committed').length
    expect(paid).toBeLessThanOrEqual(10)
    // A center that has not answered in time keeps its part until it is asked again, so whoever is refused comes later.
    const rest = orders.filter((_, n) => refused.includes(heard[n] as GatewayRefusal))
    const payOne = async () => {
      const said = await german.pay(rest[0]!).catch(() => null)
      if (said === null) return paid
      rest.shift()
      paid += 1
      return paid
    }
    expect(await until(payOne, count => count >= 10, 30_000, 500)).toBe(10)
    expect(refused.map(({ code }) => code)).toEqual(refused.map(() => 'LIMIT_PERIOD'))
    const [first] = refused
    expect(first?.limit).toMatchObject({
      institution: 'wallet-de',
      scope: 'DE>TH',
      kind: 'value_day',
      currency: 'EUR',
      value: '1000',
    })
    expect(Number(first?.limit?.left)).toBeLessThan(100)
    expect(Date.parse(first?.limit?.resetsAt ?? '')).toBeGreaterThan(Date.now())
    expect(first).toMatchObject({ retry: 'later', result: null })

    const used = () => useOf('DE>TH', 'value_day')
    const use = await until(used, row => row?.used === '1000', 60_000, 500)
    expect(use).toMatchObject({ used: '1000', held: '0', value: '1000', currency: 'EUR' })
    // Counted beside it, and by the side that is paid, too.
    const counted = () => useOf('DE>TH', 'count_day')
    const count = await until(counted, row => row?.used === '10', 60_000, 500)
    expect(count).toMatchObject({ used: '10', currency: null })
    const received = async () =>
      (await net.client('acquirer-th').limits()).data.find(({ kind }) => kind === 'count_day')
    expect(await until(received, row => row?.used === '10', 60_000, 500)).toMatchObject({
      used: '10',
    })
  }, 120_000)

  it('is given back by what is cancelled, and can be raised while it is used up', async () => {
    const refused = await refusalOf(german.pay(await sale('100')))
    expect(refused.code).toBe('LIMIT_PERIOD')
    await limited(limit({ value: 11_00n }))
    const order = await sale('100')
    const paid = await until(
      () => german.pay(order).catch(() => null),
      said => said !== null,
      30_000,
      200,
    )
    expect(paid).toMatchObject({ status: 'committed' })
    expect((await refusalOf(german.pay(await sale('100')))).code).toBe('LIMIT_PERIOD')
    await net.client('acquirer-th').cancel(paid!.paymentId, { requestId: 'given-back' })
    // What was looked for everywhere and not found is believed to be gone for a second.
    const last = await sale('100')
    const again = () => german.pay(last).catch(() => null)
    expect(await until(again, said => said !== null)).toMatchObject({ status: 'committed' })
  })
})

describe('bounds and rates', () => {
  beforeAll(() =>
    limited(
      limit({ kind: 'single_max', scope: 'acquirer-vn', value: 5_00n }),
      limit({ kind: 'single_min', scope: 'acquirer-vn', value: 1_00n }),
      limit({ kind: 'per_second', scope: 'acquirer-my', value: 1n }),
    ),
  )

  it('of one payment are said with the quote', async () => {
    const large = await refusalOf(sale('501', 'vn-pho'))
    expect(large).toMatchObject({
      code: 'LIMIT_SINGLE',
      limit: { kind: 'single_max', left: '500' },
    })
    const small = await refusalOf(sale('99', 'vn-pho'))
    expect(small).toMatchObject({
      code: 'LIMIT_SINGLE',
      limit: { kind: 'single_min', value: '100' },
    })
    expect(await sale('500', 'vn-pho')).toBeDefined()
  })

  it('of a second turn away what is too much, say when to come again, and then let it in', async () => {
    const orders = await Promise.all(Array.from({ length: 6 }, () => sale('100', 'my-durian')))
    const heard = await Promise.all(
      orders.map(order => impatient.pay(order).catch((error: unknown) => error as GatewayRefusal)),
    )
    const refused = heard.filter(said => said instanceof GatewayRefusal)
    expect(refused.length).toBeGreaterThan(0)
    for (const said of refused) {
      expect(said).toMatchObject({
        code: 'LIMIT_RATE',
        retry: 'same',
        limit: { kind: 'per_second' },
      })
      expect(said.retryAfterMs).toBeGreaterThan(0)
      expect(said.retryAfterMs).toBeLessThanOrEqual(1_000)
    }
    // A client of the SDK heeds it.
    const turned = orders[heard.indexOf(refused[0]!)]!
    expect(await german.pay(turned)).toMatchObject({ status: 'committed' })
  })
})

describe('a member that is stopped', () => {
  it('has all its shares recalled at once, in every center', async () => {
    expect(await german.pay(await sale('100', 'cn-rail'))).toMatchObject({ status: 'committed' })
    const order = await sale('100', 'cn-rail')
    const [operator, approver] = [await deskOf(net, 'mei'), await deskOf(net, 'aisyah')]
    const stop = { kind: 'switch_off', subject: 'institution', name: 'wallet-de' }
    const id = 'story-stop-1'
    const asked = { id, steps: [stop], reason: 'keys leaked', until: null, basis: null }
    await operator.post('/changes', asked)
    const approved = await approver.post(`/changes/${id}/approve`)
    expect(approved.body).toMatchObject({ status: 'applied' })
    const { fields } = await net.tape.hear({ by: 'gateway', event: 'recall' })
    expect(fields).toMatchObject({ institution: 'wallet-de', version: approved.body.version })
    const centers = () => net.tape.all({ by: 'gateway', event: 'recall' })
    await until(centers, lines => lines.length >= 3)
    expect(centers().map(line => line.fields.unreached)).toEqual([0, 0, 0])
    expect((await refusalOf(german.pay(order))).code).toBe('MEMBER_SUSPENDED')
  })
})
