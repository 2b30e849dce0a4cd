import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { Door } from '../../src/middleware/door.ts'
import { shedding } from '../../src/middleware/sheds.ts'

/** An edge that answers when it is told to. */
function edge(most: number) {
  const waiting: (() => void)[] = []
  const app = new Hono<Door>()
  const { sheds, serves } = shedding(most)
  let looked = 0
  app.use('/v1/*', sheds)
  app.use('/v1/*', async (c, next) => {
    looked += 1
    // Stands for the signature: a stranger's never holds, and a body may be slow to come.
    if (c.req.query('slowly') !== undefined) await new Promise(() => undefined)
    await Promise.resolve()
    return c.req.query('stranger') === undefined ? next() : c.text('refused', 401)
  })
  app.use('/v1/*', serves)
  app.all('/v1/*', async c => {
    await new Promise<void>(resolve => waiting.push(resolve))
    if (c.req.query('fails') !== undefined) throw new Error('as asked')
    return c.text('served')
  })
  app.onError((_, c) => c.text('failed', 500))
  const ask = async (method: string, path: string) => app.request(path, { method })
  return { ask, waiting, looked: () => looked }
}

const turn = () => new Promise(resolve => setImmediate(resolve))

describe('an edge with too much to do', () => {
  it('turns away what begins something, and says that it may be sent again', async () => {
    const { ask, waiting } = edge(2)
    const served = [ask('POST', '/v1/payments'), ask('POST', '/v1/quotes')]
    await turn()
    const answer = await ask('POST', '/v1/payments')
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('1')
    // Sent again it may be of a payment that is open: nothing is said of that.
    expect(await answer.json()).toMatchObject({ code: 'BUSY', result: null })
    expect(await (await ask('POST', '/v1/quotes')).json()).toMatchObject({ code: 'BUSY' })
    for (const answers of waiting) answers()
    for (const each of served) expect(await (await each).text()).toBe('served')
    const next = ask('POST', '/v1/payments')
    await turn()
    waiting.at(-1)?.()
    expect((await next).status).toBe(200)
  })

  it.each([
    ['GET', '/v1/payments/pay_1'],
    ['GET', '/v1/payments'],
    ['POST', '/v1/payments/pay_1/cancel'],
    ['POST', '/v1/payments/pay_1/refunds'],
    ['POST', '/v1/outcomes'],
  ])('serves %s %s all the same', async (method, path) => {
    const { ask, waiting } = edge(0)
    const asked = ask(method, path)
    await turn()
    waiting[0]?.()
    expect((await asked).status).toBe(200)
  })

  it('gives no room to what nobody has signed', async () => {
    const { ask, waiting } = edge(1)
    for (let n = 0; n < 50; n += 1) {
      void ask('POST', '/v1/payments?slowly')
      expect((await ask('POST', '/v1/payments?stranger')).status).toBe(401)
    }
    const served = ask('POST', '/v1/payments')
    await turn()
    waiting[0]?.()
    expect((await served).status).toBe(200)
  })

  it('looks at no signature once it is full, and at each that came before', async () => {
    const { ask, waiting, looked } = edge(1)
    const together = [ask('POST', '/v1/payments'), ask('POST', '/v1/payments')]
    await turn()
    expect(looked()).toBe(2)
    expect((await ask('POST', '/v1/payments')).status).toBe(503)
    expect(looked()).toBe(2)
    waiting[0]?.()
    const statuses = (await Promise.all(together)).map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([200, 503])
  })

  it('has room again after what failed', async () => {
    const { ask, waiting } = edge(1)
    const failing = ask('POST', '/v1/payments?fails')
    await turn()
    waiting[0]?.()
    expect((await failing).status).toBe(500)
    const next = ask('POST', '/v1/payments')
    await turn()
    waiting[1]?.()
    expect((await next).status).toBe(200)
  })
})
