/**
 * The Worker of a center that runs in another process, as this process sees it: objects of the same names that pass
 * every call on. What they find broken, they say in the platform's words.
 */
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers'
import { type FarAnswer, type FarCall, read, written } from './wire.ts'

interface FarEnv {
  /** Where the other process is reached from here. */
  readonly FAR: string
}

/** What the platform looks for by itself; none of it is a call. */
const own = new Set<PropertyKey>([
  'then',
  'alarm',
  'webSocketMessage',
  'webSocketClose',
  'webSocketError',
])

const far = (space: string) =>
  class extends DurableObject<FarEnv> {
    constructor(ctx: DurableObjectState, env: FarEnv) {
      super(ctx, env)
      const name = ctx.id.name ?? ''
      // biome-ignore lint/correctness/noConstructorReturn: every method of the object is one of the far one.
      return new Proxy(this, {
        get(target, method) {
          if (typeof method !== 'string' || own.has(method) || Reflect.has(target, method)) {
            return Reflect.get(target, method)
          }
          return (...args: unknown[]) => call(env.FAR, { space, name, method, args })
        },
      })
    }

    override fetch(request: Request): Promise<Response> {
      const { pathname, search } = new URL(request.url)
      const name = encodeURIComponent(this.ctx.id.name ?? '')
      return fetch(`${this.env.FAR}/fetch/${space}/${name}${pathname}${search}`, request)
    }
  }

async function call(url: string, asked: FarCall): Promise<unknown> {
  const answer = (await post(`${url}/call`, asked)) as FarAnswer
  if ('value' in answer) return answer.value
  const { message, ...marks } = answer.thrown
  throw Object.assign(new Error(message), marks)
}

async function post(url: string, body: unknown): Promise<unknown> {
  let text: string
  try {
    const response = await fetch(url, { method: 'POST', body: written(body) })
    text = await response.text()
    if (!response.ok) throw new Error(text)
  } catch {
    throw new Error('Network connection lost.')
  }
  return read(text)
}

export const Lane = far('LANE')
export const Codebook = far('CODEBOOK')
export const Monitor = far('MONITOR')
export const Person = far('PERSON')
export const Institution = far('INSTITUTION')
export const Sentinel = far('SENTINEL')

/** A center's own queue, reached like everything else that is not in its objects. */
export class Events extends WorkerEntrypoint<FarEnv> {
  async send(message: string, options?: QueueSendOptions): Promise<void> {
    await post(`${this.env.FAR}/send`, [message, options])
  }
}

export default { fetch: () => new Response(null, { status: 404 }) }
