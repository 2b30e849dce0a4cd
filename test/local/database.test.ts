/** The box's way to its databases, while the Workers beside them talk more than a pipe holds. */
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase, sqlWorker } from '../../src/local/database.ts'

/** A turn says more than a pipe holds, and between turns whoever else wants an answer has its chance to wait. */
const LINES = 100
const READS = 20
/** Talks until it is told that it is enough, and says how many lines it has said. */
const talker = `let isEnough = false
export default {
  async fetch({ url }) {
    if (url.endsWith('/enough')) {
      isEnough = true
      return new Response()
    }
    let said = 0
    for (; !isEnough; said += ${LINES}) {
      for (let line = 0; line < ${LINES}; line += 1) console.log('x'.repeat(4_000))
      await scheduler.wait(1)
    }
    return Response.json(said)
  },
}`

let miniflare: Miniflare
let database: D1Database
let lines = 0

beforeAll(async () => {
  const compatibilityDate = '2026-10-01'
  const sql = sqlWorker({ compatibilityDate, d1Databases: { DB: { id: 'test' } } })
  const modules = [{ type: 'ESModule', path: 'index.js', contents: talker }]
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      handleStructuredLogs: () => {
        lines += 1
      },
      workers: [{ name: 'talker', compatibilityDate, modules }, sql],
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  )
  database = openDatabase(miniflare, 'DB')
  await database.batch([
    database.prepare('CREATE TABLE shop (id INTEGER PRIMARY KEY, name TEXT, till TEXT)'),
    database.prepare('INSERT INTO shop VALUES (?, ?, ?)').bind(1, 'Pad Thai Mae Nok', null),
  ])
})
afterAll(() => miniflare.dispose())

it('reads while a Worker says more than anybody can hear at once', async () => {
  const talk = miniflare.dispatchFetch('http://talker').then(answer => answer.json())
  await expect.poll(() => lines).toBeGreaterThan(0)
  for (let read = 0; read < READS; read += 1) {
    const row = await database.prepare('SELECT name FROM shop WHERE id = ?').bind(1).first()
    expect(row).toEqual({ name: 'Pad Thai Mae Nok' })
  }
  await miniflare.dispatchFetch('http://talker/enough')
  const said = await talk
  expect(said).toBeGreaterThanOrEqual(LINES)
  await expect.poll(() => lines).toBe(said)
})

it('gives rows as D1 does, by name and in order', async () => {
  const all = database.prepare('SELECT id, name, till FROM shop')
  expect((await all.all()).results).toEqual([{ id: 1, name: 'Pad Thai Mae Nok', till: null }])
  expect(await all.raw()).toEqual([[1, 'Pad Thai Mae Nok', null]])
  expect(await database.prepare('SELECT id FROM shop WHERE id = 2').first()).toBeNull()
})

it("throws with D1's own words, and a batch that fails leaves nothing behind", async () => {
  const batch = database.batch([
    database.prepare("INSERT INTO shop VALUES (2, 'Chiang Mai Silver', NULL)"),
    database.prepare("INSERT INTO shop VALUES (1, 'Again', NULL)"),
  ])
  await expect(batch).rejects.toThrow(/UNIQUE constraint failed: shop.id/)
  expect((await database.prepare('SELECT id FROM shop').all()).results).toHaveLength(1)
})
