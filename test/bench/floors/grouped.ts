/** Floor: the grouped skeleton. As the naive one, but calls that come together share a commit: the best known way. */
import { DurableObject } from 'cloudflare:workers'
import { Hono } from 'hono'

interface Env {
  readonly SLOTS: DurableObjectNamespace<Slots>
  readonly RESPONDER: string
}

type Row = readonly [id: string, body: string]

export class Slots extends DurableObject {
  #rows: Row[] = []
  #commit: Promise<void> | undefined

  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, env)
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS slot (id TEXT PRIMARY KEY, body TEXT)')
  }
  async put(id: string, body: string) {
    this.#rows.push([id, body])
    this.#commit ??= this.#gather()
    await this.#commit
    return true
  }
  async #gather() {
    await scheduler.wait(1)
    const rows = this.#rows
    this.#rows = []
    this.#commit = undefined
    this.ctx.storage.transactionSync(() => {
      for (const [id, body] of rows) {
        this.ctx.storage.sql.exec(
          'INSERT INTO slot VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
          id,
          body,
        )
      }
    })
  }
}

export default new Hono<{ Bindings: Env }>().post('/pay', async c => {
  const id = crypto.randomUUID()
  const stub = c.env.SLOTS.getByName('one')
  const body = await c.req.text()
  await stub.put(id, body)
  const answer = await fetch(`${c.env.RESPONDER}/plain`, { method: 'POST', body })
  await stub.put(id, await answer.text())
  return c.json({ id, result: 'S' })
})
