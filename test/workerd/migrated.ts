/// <reference types="@cloudflare/vitest-plugin/types" />
/// <reference types="vite/client" />
/** The databases of a center in workerd, with the migrations that `wrangler d1 migrations apply` would apply. */
import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'

const files: Record<string, string> = import.meta.glob('../../migrations/*/*.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
})

async function migrated(database: D1Database, folder: string): Promise<D1Database> {
  const migrations = Object.entries(files)
    .filter(([path]) => path.includes(`/${folder}/`))
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, sql]) => ({ name, queries: sql.split('--> statement-breakpoint') }))
  await applyD1Migrations(database, migrations)
  return database
}

const bindings = env as unknown as Record<'DIRECTORY' | 'DB' | 'WITNESS', D1Database>

export const directoryDatabase = () => migrated(bindings.DIRECTORY, 'directory')
export const centerDatabase = () => migrated(bindings.DB, 'center')
export const witnessDatabase = () => migrated(bindings.WITNESS, 'center')
