/** The staff's interface as the console calls it: every answer is a value, or a problem that says what to do next. */

import { signal } from '@preact/signals'

/** RFC 9457, as the gateway says no. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly says: string | null
}

export class Refused extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.title)
    this.problem = problem
  }
}

const NOT_SIGNED_IN = 401
export const isSignedOut = ({ status }: Problem): boolean => status === NOT_SIGNED_IN

/** Whether the session has ended, as the last answer had it: nothing more is to be had until somebody signs in again. */
export const lapsed = signal(false)

type Query = Readonly<Record<string, string | number | null | undefined>>

export const read = <T>(path: string, query: Query = {}): Promise<T> =>
  ask<T>('GET', path + searchOf(query))

export const write = <T>(path: string, body: unknown = {}, method = 'POST'): Promise<T> =>
  ask<T>(method, path, body)

function searchOf(query: Query): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, `${value}`)
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

/**
 * No form of another site can set these headers, so a write that has the first was made here. For the second one
 * Cloudflare Access says 401 when a session has ended, instead of leading to a page of its own, where no script may follow.
 */
const MARK = { 'cpg-ops': 'console', 'x-requested-with': 'XMLHttpRequest' }

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const content = body === undefined ? null : JSON.stringify(body)
  const headers = content === null ? MARK : { ...MARK, 'content-type': 'application/json' }
  let answer: Response
  try {
    answer = await fetch(path, { method, headers, body: content })
  } catch {
    throw new Refused({ status: 0, code: 'UNREACHABLE', title: '', says: null })
  }
  lapsed.value = answer.status === NOT_SIGNED_IN
  if (answer.status === 204) return undefined as T
  if (answer.ok) return (await answer.json()) as T
  throw new Refused(await problemIn(answer))
}

async function problemIn(answer: Response): Promise<Problem> {
  const { status } = answer
  try {
    const { code, title, detail, errors = [] } = await answer.json()
    const fields = errors.map(
      (each: { pointer: string; says: string }) => `${each.pointer} ${each.says}`,
    )
    const says = [detail, ...fields].filter(Boolean).join('\n')
    return { status, code, title, says: says === '' ? null : says }
  } catch {
    return { status, code: `HTTP ${status}`, title: answer.statusText, says: null }
  }
}
