/**
 * The door of a process: by it others reach this process's objects, database and queue. It does what the platform
 * does between machines and knows nothing of payments.
 */
import { type FarAnswer, type FarCall, type FarError, read, written } from './wire.ts'

type DoorEnv = Readonly<Record<string, unknown>>

type Methods = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>

export default {
  async fetch(request: Request, env: DoorEnv): Promise<Response> {
    const [, verb, first = '', second = '', ...rest] = new URL(request.url).pathname.split('/')
    switch (verb) {
      case 'call':
        return new Response(written(await call(read(await request.text()) as FarCall, env)))
      case 'fetch': {
        const { search } = new URL(request.url)
        const stub = spaceOf(env, first).getByName(decodeURIComponent(second))
        return stub.fetch(new Request(`http://object/${rest.join('/')}${search}`, request))
      }
      case 'send': {
        const [message, options] = read(await request.text()) as [string, QueueSendOptions]
        await (env.EVENTS as Queue<string>).send(message, options)
        return new Response(written(null))
      }
      case 'd1':
        return database(env[first] as D1Database, second, await request.json())
      default:
        return new Response(null, { status: 404 })
    }
  },
}

const spaceOf = (env: DoorEnv, space: string) => env[space] as DurableObjectNamespace

async function call({ space, name, method, args }: FarCall, env: DoorEnv): Promise<FarAnswer> {
  try {
    const stub = spaceOf(env, space).getByName(name) as unknown as Methods
    return { value: await stub[method]?.(...args) }
  } catch (error) {
    const { message, overloaded = false, retryable = false } = error as FarError
    return { thrown: { message, overloaded, retryable } }
  }
}

interface Query {
  readonly sql: string
  readonly params?: readonly unknown[]
}

/** D1's own protocol, as its binding in another process speaks it. */
async function database(db: D1Database, verb: string, asked: Query | Query[]): Promise<Response> {
  const prepared = ({ sql, params = [] }: Query) => db.prepare(sql).bind(...params.map(bytes))
  try {
    if (Array.isArray(asked)) return Response.json(await db.batch(asked.map(prepared)))
    if (verb === 'execute' || !/^\s*(select|with)\b/i.test(asked.sql)) {
      return Response.json([await prepared(asked).all()])
    }
    // As lists, because two columns of one query may have the same name.
    const [columns = [], ...rows] = await prepared(asked).raw({ columnNames: true })
    const meta = { changes: 0, rows_read: rows.length, rows_written: 0 }
    return Response.json([{ success: true, results: { columns, rows }, meta }])
  } catch (error) {
    const failed = String((error as Error).message).replace(/^D1_ERROR: /, '')
    return Response.json({ success: false, error: failed }, { status: 500 })
  }
}

const bytes = (value: unknown) => (Array.isArray(value) ? Uint8Array.from(value) : value)
