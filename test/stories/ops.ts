/** Staff for stories: signed in through the box's own page, calling over real HTTP. */
import type { Network } from './network.ts'

export interface Heard {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: stories look at answers of every shape
  readonly body: any
}

export interface Desk {
  readonly token: string
  get(path: string): Promise<Heard>
  post(path: string, body?: object): Promise<Heard>
  put(path: string, body: object): Promise<Heard>
}

/** @param person one of the box's staff: `mei`, `somchai`, `aisyah`, `viet`, `regulator` */
export async function deskOf({ url }: Pick<Network, 'url'>, person: string): Promise<Desk> {
  const signedIn = await fetch(`${url}/console/sign-in`, {
    method: 'POST',
    headers: {
      'cpg-ops': '1',
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ person }).toString(),
  })
  const { token } = (await signedIn.json()) as { token: string }
  const call = async (method: string, path: string, body?: object): Promise<Heard> => {
    const answer = await fetch(`${url}/ops/v1${path}`, {
      method,
      headers: {
        'cf-access-jwt-assertion': token,
        'cpg-ops': '1',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: await answer.json() }
  }
  return {
    token,
    get: path => call('GET', path),
    post: (path, body) => call('POST', path, body ?? {}),
    put: (path, body) => call('PUT', path, body),
  }
}
