/** A limit that an operator sets from an instant on: seen before, felt from then, and refused where it cannot be. */
import { describe, expect, it } from 'vitest'
import { startNetwork, until } from './network.ts'
import { deskOf } from './ops.ts'
import { quoted } from './sale.ts'

const net = await startNetwork()
const german = net.client('wallet-de')

async function sale(minor: string) {
  const amount = { currency: 'EUR', minor }
  return (await quoted(net, { wallet: 'wallet-de', merchant: 'id-batik', amount })).order
}

describe('a limit that an operator announces', () => {
  const scope = 'acquirer-id'
  const step = (value: string, from: number) => ({
    kind: 'set_limit',
    limit: { institution: 'wallet-de', scope, kind: 'value_day' },
    value,
    from: new Date(from).toISOString(),
  })
  const change = (id: string, steps: readonly object[], more = {}) => ({
    ...{ id, steps, reason: 'a new contract' },
    ...more,
  })

  it('is shown as what comes next, lets payments pass until then, and from then on refuses what is beyond it', async () => {
    const operator = await deskOf(net, 'mei')
    // Long enough to be seen and to pay before it, however slow the machine.
    const from = Date.now() + 20_000
    const announced = step('150', from)
    const preview = await operator.post('/changes/preview', { steps: [announced] })
    expect(preview.body).toMatchObject({ faults: [], dangers: [], steps: [{ step: announced }] })
    const { body } = await operator.post('/changes', change('story-announced', [announced]))
    expect(body).toMatchObject({ status: 'announced', steps: [announced], may: ['undo'] })
    const standing = async () => (await operator.get('/changes/story-announced')).body.status

    const shown = async () =>
      (await german.limits()).data.find(each => each.scope === scope && each.kind === 'value_day')
    const next = { value: '150', from: announced.from }
    expect(await until(shown, row => row?.next !== undefined)).toMatchObject({
      ...{ value: null, from: null, currency: 'EUR', next },
    })
    for (const minor of ['200', '300']) {
      expect(await german.pay(await sale(minor))).toMatchObject({ status: 'committed' })
    }

    await until(shown, row => row?.value === '150', 60_000, 200)
    expect(await shown()).toMatchObject({ from: announced.from, next: null })
    expect(await standing()).toBe('applied')
    const order = await sale('151')
    const refused = await german.pay(order).catch((error: unknown) => error)
    expect(refused).toMatchObject({
      code: 'LIMIT_PERIOD',
      limit: { institution: 'wallet-de', scope, kind: 'value_day', value: '150' },
    })
    // What was looked for everywhere and not found is believed to be gone for a second.
    const within = await sale('100')
    const paid = () => german.pay(within).catch(() => null)
    expect(await until(paid, said => said !== null)).toMatchObject({ status: 'committed' })
  })

  it('is refused at its field where it is in the past, too far, or part of a plan', async () => {
    const operator = await deskOf(net, 'mei')
    const pointers = async (steps: readonly object[]) => {
      const heard = await operator.post('/changes', change('story-untimely', steps))
      return [heard.status, heard.body.errors.map(({ pointer }: { pointer: string }) => pointer)]
    }
    expect(await pointers([step('1', Date.now() - 1_000)])).toEqual([422, ['/steps/0/from']])
    const days = 401 * 86_400_000
    expect(await pointers([step('1', Date.now() + days)])).toEqual([422, ['/steps/0/from']])
    expect(await pointers([{ ...step('1', 0), from: 'tomorrow' }])).toEqual([
      400,
      ['/steps/0/from'],
    ])
    const plan = { title: 'Later', steps: [step('1', Date.now() + 60_000)], minutes: null }
    expect(await operator.put('/plans/later', { ...plan, revision: 0 })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/steps/0/from' }] },
    })
  })
})
