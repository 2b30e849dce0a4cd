/** A crowd of institutions, each like one of the cast, so that a directory can be as large as one wants. */

/** Numbers of the crowd begin here, above those of the cast. */
const NUMBERS_FROM = 10_000

export const crowdMember = (index: number, model: string): string => `crowd-${index}-of-${model}`

/** Copies a member so many times, with its key and its epochs, and makes it known as one change of the directory. */
export async function admitCrowd(database: D1Database, model: string, count: number) {
  const name = `'crowd-' || n.i || '-of-${model}'`
  const copies = async (table: string, own: Record<string, string>, where: string) => {
    const { results } = await database
      .prepare(`PRAGMA table_info(${table})`)
      .all<{ name: string }>()
    const columns = results.map(column => column.name)
    return database
      .prepare(
        `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
         INSERT INTO ${table} (${columns.join(', ')})
         SELECT ${columns.map(column => own[column] ?? `model.${column}`).join(', ')}
         FROM n, ${table} AS model WHERE model.${where} = '${model}'`,
      )
      .bind(count)
  }
  await database.batch([
    await copies('institutions', { id: name, number: `${NUMBERS_FROM} + n.i` }, 'id'),
    await copies('institution_keys', { id: `${name} || '-1'`, institution: name }, 'institution'),
    await copies('epochs', { institution: name }, 'institution'),
    database.prepare('UPDATE directory_version SET version = version + 1'),
  ])
}
