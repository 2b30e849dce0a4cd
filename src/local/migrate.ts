/** Applies migrations the way `wrangler d1 migrations apply` does, with the same bookkeeping table. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What is used of D1, so that a test can hand in less. */
type Database = Pick<D1Database, 'prepare' | 'batch'>

/** @returns the names of the migrations that were new */
export async function migrate(database: Database, folder: string): Promise<string[]> {
  await database
    .prepare(
      'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
    )
    .run()
  const { results } = await database
    .prepare('SELECT name FROM d1_migrations')
    .all<{ name: string }>()
  const applied = new Set(results.map(row => row.name))
  const files = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort()
  const fresh = files.filter(name => !applied.has(name))
  for (const name of fresh) {
    const text = await readFile(join(folder, name), 'utf8')
    const statements = text
      .split('--> statement-breakpoint')
      .map(statement => statement.trim())
      .filter(statement => statement !== '')
    await database.batch([
      ...statements.map(statement => database.prepare(statement)),
      database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name),
    ])
  }
  return fresh
}
