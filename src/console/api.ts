/** The staff's interface as the console calls it: every answer is a value, or a problem that says what to do next. */

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

/** No form of another site can set this header, so a write that has it was made here. */
const MARK = { 'cpg-ops': 'console' }

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const content = body === undefined ? null : JSON.stringify(body)
  const headers = content === null ? MARK : { ...MARK, 'content-type': 'application/json' }
  let answer: Response
  try {
    answer = await fetch(path, { method, headers, body: content })
  } catch {
    throw new Refused({ status: 0, code: 'UNREACHABLE', title: '', says: null })
  }
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
