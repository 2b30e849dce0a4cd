/** Floor: a Hono route that says hello. */
import { Hono } from 'hono'

export default new Hono().get('/hello', c => c.json({ hello: 'world' }))
