/**
 * The gateway's databases, as this process reads and writes them beside the gateway.
 *
 * Miniflare's own way in stops all of Node until workerd has answered, while workerd stops until Node has read what
 * it logs: with a few hundred lines under way each waits for the other for ever. Here every step is awaited.
 */
import type { Miniflare } from 'miniflare'

/** The Worker that runs statements for us. Only miniflare's entry leads to it, and no page can call that. */
export const sqlWorker = (edge: { compatibilityDate?: unknown; d1Databases?: unknown }) => ({
  name: SQL,
  compatibilityDate: edge.compatibilityDate,
  d1Databases: edge.d1Databases,
  modules: [{ type: 'ESModule', path: 'index.js', contents: script }],
})

const SQL = 'opencpg-sql'
const script = `export default {
  async fetch(request, env) {
    const { binding, how, statements } = await request.json()
    const bound = statements.map(({ sql, values }) => env[binding].prepare(sql).bind(...values))
    try {
      return Response.json({ value: await (how === 'raw' ? bound[0].raw() : env[binding].batch(bound)) })
    } catch (error) {
      return Response.json({ failed: error.message })
    }
  },
}`

type How = 'raw' | 'batch'
type Value = string | number | null
type Run = (how: How, statements: readonly Statement[]) => Promise<unknown[]>

/** The database under one of the edge's bindings, as far as `src/db` uses D1. */
export function openDatabase(miniflare: Miniflare, binding: string): D1Database {
  return databaseBy(async (how, statements) => {
    const response = await miniflare.dispatchFetch('http://sql', {
      method: 'POST',
      headers: { 'MF-Route-Override': SQL },
      body: JSON.stringify({ binding, how, statements }),
    })
    const { value, failed } = (await response.json()) as { value?: unknown[]; failed?: string }
    if (value === undefined) throw new Error(failed)
    return value
  })
}

/** The database behind the door of another process, which speaks D1's own protocol. */
export function remoteDatabase(url: string): D1Database {
  return databaseBy(async (how, statements) => {
    const queries = statements.map(({ sql, values }) => ({ sql, params: values }))
    const [only] = queries
    const body = JSON.stringify(how === 'raw' ? only : queries)
    const response = await fetch(`${url}/query`, { method: 'POST', body })
    const answer = (await response.json()) as { error: string } | { results: Rows }[]
    if (!Array.isArray(answer)) throw new Error(`D1_ERROR: ${answer.error}`)
    return how === 'raw' ? listsOf(answer[0]?.results) : answer
  })
}

type Rows = { readonly rows: unknown[] } | readonly object[]

const listsOf = (results: Rows = []): unknown[] =>
  'rows' in results ? results.rows : results.map(row => Object.values(row))

function databaseBy(run: Run): D1Database {
  const database = {
    prepare: (sql: string) => new Statement(run, sql, []),
    batch: (statements: readonly Statement[]) => run('batch', statements),
    exec: (sql: string) => run('batch', [new Statement(run, sql, [])]),
  }
  return database as unknown as D1Database
}

class Statement {
  readonly #run: Run
  readonly sql: string
  readonly values: readonly Value[]

  constructor(run: Run, sql: string, values: readonly Value[]) {
    this.#run = run
    this.sql = sql
    this.values = values
  }

  bind(...values: Value[]) {
    return new Statement(this.#run, this.sql, values)
  }

  async all() {
    const [result] = await this.#run('batch', [this])
    return result as { results: unknown[] }
  }

  run() {
    return this.all()
  }

  async first() {
    return (await this.all()).results[0] ?? null
  }

  raw() {
    return this.#run('raw', [this])
  }
}
