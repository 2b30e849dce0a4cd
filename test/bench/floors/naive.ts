/**
 * Floor: the naive skeleton of a payment. The hops of a payment, one commit for each call, and no logic at all:
 * edge → object inserts → responder over HTTP → object updates.
 */
import { DurableObject } from 'cloudflare:workers'
import { Hono } from 'hono'

interface Env {
  readonly SLOTS: DurableObjectNamespace<Slots>
  readonly RESPONDER: string
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
  update(id: string, body: string) {
    this.ctx.storage.sql.exec('UPDATE slot SET body = ? WHERE id = ?', body, id)
    return true
  }
}

export default new Hono<{ Bindings: Env }>().post('/pay', async c => {
  const id = crypto.randomUUID()
  const stub = c.env.SLOTS.getByName('one')
  const body = await c.req.text()
  await stub.insert(id, body)
  const answer = await fetch(`${c.env.RESPONDER}/plain`, { method: 'POST', body })
  await stub.update(id, await answer.text())
  return c.json({ id, result: 'S' })
})
