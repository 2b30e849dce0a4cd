/** Floor: one durable insert in one object. */
import { DurableObject } from 'cloudflare:workers'
import { Hono } from 'hono'

interface Env {
  readonly SLOTS: DurableObjectNamespace<Slots>
}

export class Slots extends DurableObject {
  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, env)
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS slot (id TEXT PRIMARY KEY, body TEXT)')
  }
  insert(id: string, body: string) {
    this.ctx.storage.sql.exec('INSERT INTO slot VALUES (?, ?)', id, body)
    return true
  }
}

export default new Hono<{ Bindings: Env }>().post('/insert', async c => {
  const stub = c.env.SLOTS.getByName('one')
  await stub.insert(crypto.randomUUID(), await c.req.text())
  return c.json({ ok: true })
})
