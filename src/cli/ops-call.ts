/** Calls of the staff's API from the command line, and the token under which they are made. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Problem } from '../wire/problem.ts'

export interface Account {
  /** Where the gateway is, without a trailing slash. */
  readonly gateway: string
  readonly token: string
}

/** What could not be done, for whoever sits at the terminal to mend. */
export class Refused extends Error {}

function refusalOf(said: unknown, status: number): Refused {
  const {
    code = `HTTP ${status}`,
    title = 'no answer of the gateway',
    detail,
    errors = [],
  } = (said ?? {}) as Partial<Problem>
  const fields = errors.map(({ pointer, says }) => `  ${pointer}: ${says}`)
  return new Refused([`${code}: ${detail ?? title}`, ...fields].join('\n'))
}

/** Nothing was heard: whatever was asked for may have been done. */
const unheard = (gateway: string) => (error: Error) => {
  const { cause } = error as { cause?: { code?: string } }
  throw new Refused(`${gateway} did not answer (${cause?.code ?? error.message}).`)
}

export const DEFAULT_GATEWAY = 'http://127.0.0.1:8787'

/** Where the last sign-in is kept; `CPG_OPS_FILE` says otherwise. */
const accountFile = (): string =>
  process.env.CPG_OPS_FILE ??
  join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local/state'), 'opencpg/ops.json')

/** The token of `--token` or `CPG_OPS_TOKEN`, or the one of the last sign-in at this gateway. */
export async function accountOf(given: { gateway?: string; token?: string }): Promise<Account> {
  const kept = await keptAccount()
  const gateway = given.gateway ?? process.env.CPG_GATEWAY ?? kept?.gateway ?? DEFAULT_GATEWAY
  const token = given.token ?? process.env.CPG_OPS_TOKEN
  if (token !== undefined) return { gateway, token }
  if (kept?.gateway === gateway) return kept
  throw new Refused(`Nobody is signed in at ${gateway}. Try: cpg ops sign-in <person>`)
}

/** For its owner's eyes only: whoever reads it is this person until the token ends. */
export async function keepAccount(account: Account): Promise<string> {
  const file = accountFile()
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(file, JSON.stringify(account), { mode: 0o600 })
  return file
}

async function keptAccount(): Promise<Account | null> {
  try {
    return JSON.parse(await readFile(accountFile(), 'utf8'))
  } catch {
    return null
  }
}

/** Longer than the gateway itself waits for anything. */
const TIMEOUT_MS = 30_000

/** @throws Refused */
export async function call<Answer>(
  { gateway, token }: Account,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
): Promise<Answer> {
  const asked = fetch(`${gateway}/ops/v1${path}`, {
    method,
    headers: {
      'cf-access-jwt-assertion': token,
      'cpg-ops': 'cli',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer = await asked.catch(unheard(gateway))
  if (answer.ok) return (await bodyOf(answer, gateway)) as Answer
  throw refusalOf(await answer.json().catch(() => null), answer.status)
}

/** An answer that breaks off says nothing, however well it began; null where there is none to read. */
const bodyOf = (answer: Response, gateway: string): Promise<unknown> =>
  answer.status === 204 ? Promise.resolve(null) : answer.json().catch(unheard(gateway))

/** The box's own way in: choosing who to be. */
export async function signIn(gateway: string, person: string): Promise<Account> {
  const asked = fetch(`${gateway}/console/sign-in`, {
    method: 'POST',
    headers: {
      'cpg-ops': 'cli',
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    body: new URLSearchParams({ person }).toString(),
  })
  const answer = await asked.catch(unheard(gateway))
  if (!answer.ok) throw refusalOf(await answer.json().catch(() => null), answer.status)
  const { token } = (await bodyOf(answer, gateway)) as { token: string }
  return { gateway, token }
}
