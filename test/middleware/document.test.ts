/** The API's own description: complete enough to make a client from it, and true where it can be checked. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { app } from '../../src/app.ts'
import { type ResultCode, resultCodes } from '../../src/domain/refusal.ts'
import { peerPaths } from '../../src/wire/peer.ts'

interface Answer {
  readonly description: string
  readonly 'x-codes'?: readonly ResultCode[]
}
interface Operation {
  readonly operationId?: string
  readonly tags?: readonly string[]
  readonly summary?: string
  readonly requestBody?: object
  readonly responses: Readonly<Record<string, Answer>>
}
interface Document {
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly webhooks: Readonly<
    Record<string, { readonly post: Operation & { description: string } }>
  >
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

const text = await (await app.request('/openapi.json')).text()
const document = JSON.parse(text) as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
)
const members = operations.filter(({ name }) => name.includes(' /v1/'))

describe('the document', () => {
  it('names every operation, each once, and sorts them under tags that it explains', () => {
    expect(members.length).toBeGreaterThanOrEqual(20)
    const webhooks = Object.values(document.webhooks).map(({ post }) => post)
    const all = [...operations.map(({ operation }) => operation), ...webhooks]
    const ids = all.map(({ operationId }) => operationId)
    expect(ids.every(id => /^[a-z][A-Za-z0-9-]+$/.test(id ?? ''))).toBe(true)
    expect(new Set(ids).size).toBe(ids.length)
    const known = new Set(document.tags.map(({ name }) => name))
    for (const { name, operation } of members) {
      expect(operation.summary, name).toBeTruthy()
      expect(
        operation.tags?.every(tag => known.has(tag)),
        name,
      ).toBe(true)
    }
    expect(webhooks.every(({ tags }) => tags?.every(tag => known.has(tag)))).toBe(true)
  })

  it('says of every call of a member which codes may refuse it, each under its own status', () => {
    for (const { name, operation } of members) {
      const refusals = Object.entries(operation.responses).filter(([status]) => status >= '400')
      for (const [status, { description, 'x-codes': codes = [] }] of refusals) {
        expect(codes.length, `${name} ${status}`).toBeGreaterThan(0)
        for (const code of codes) {
          expect(resultCodes[code].http, `${name} ${code}`).toBe(Number(status))
          expect(description).toContain(code)
        }
      }
      // They are not the same everywhere.
      expect(Object.keys(operation.responses), name).toEqual(expect.arrayContaining(['400', '401']))
    }
    const quotes = document.paths['/v1/quotes']?.post?.responses ?? {}
    expect(quotes['503']?.['x-codes']).toContain('RATE_STALE')
    expect(document.paths['/v1/events']?.get?.responses).not.toHaveProperty('422')
  })

  it('describes everything that the gateway asks of members', () => {
    const told = Object.values(document.webhooks).map(({ post }) => post)
    for (const path of Object.values(peerPaths)) {
      const asked = told.filter(({ description }) => description.includes(`{endpoint}${path}\``))
      expect(asked, path).toHaveLength(1)
      expect(asked[0]?.requestBody).toBeDefined()
      expect(asked[0]?.responses).toHaveProperty('200')
    }
    expect(told).toHaveLength(Object.keys(peerPaths).length)
  })

  it('has every schema that it speaks of', () => {
    const named = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name)
    expect(named.length).toBeGreaterThan(50)
    for (const name of named) expect(document.components.schemas).toHaveProperty(name ?? '')
  })

  it('gives a name to one schema only: of two, the document would have the last', () => {
    const folder = join(import.meta.dirname, '../../src/wire')
    const names = readdirSync(folder).flatMap(file =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/\.openapi\('(\w+)'/g)].map(
        ([, name]) => name,
      ),
    )
    expect(names.length).toBeGreaterThan(50)
    expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([])
  })
})
