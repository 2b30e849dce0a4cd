import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, it } from 'vitest'
import * as directory from '../../src/db/directory-schema.ts'
import * as projection from '../../src/db/projection-schema.ts'
import * as steering from '../../src/db/steering-schema.ts'
import { openD1 } from './d1.ts'

// The migrations are completed by hand, so what they make is compared with what the code believes.
describe.each([
  ['directory', { ...directory, ...steering }],
  ['center', projection],
] as const)('the migrations of the %s database', (folder, schema) => {
  const { sqlite } = openD1(folder)
  const tables = Object.values(schema).filter(value => value instanceof SQLiteTable)
  const all = (sql: string) => sqlite.prepare(sql).all() as Record<string, string | number>[]

  it('make exactly the tables of the schema, all of them strict and without rowid', () => {
    const made = all(
      "SELECT name, strict, wr FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%'",
    )
    const want = tables.map(table => ({ name: getTableConfig(table).name, strict: 1, wr: 1 }))
    expect(made.toSorted(byName)).toEqual(want.toSorted(byName))
  })

  it.each(tables.map(table => [getTableConfig(table).name, table] as const))(
    'give %s its columns, key and indexes',
    (name, table) => {
      const { columns, primaryKeys, indexes } = getTableConfig(table)
      const made = all(`SELECT * FROM pragma_table_info('${name}') ORDER BY cid`)
      expect(
        made.map(({ name, type, notnull }) => [name, `${type}`.toLowerCase(), notnull]),
      ).toEqual(columns.map(column => [column.name, column.getSQLType(), column.notNull ? 1 : 0]))
      const key = primaryKeys[0]?.columns ?? columns.filter(column => column.primary)
      const madeKey = made.filter(column => Number(column.pk) > 0)
      expect(madeKey.toSorted((a, b) => Number(a.pk) - Number(b.pk)).map(c => c.name)).toEqual(
        key.map(column => column.name),
      )
      const unique = columns.flatMap(column => (column.isUnique ? column.uniqueName : []))
      const madeIndexes = all(`SELECT name FROM pragma_index_list('${name}') WHERE origin <> 'pk'`)
      expect(madeIndexes.map(index => index.name).toSorted()).toEqual(
        [...indexes.map(index => index.config.name), ...unique].toSorted(),
      )
    },
  )
})

const byName = (a: Record<string, unknown>, b: Record<string, unknown>) =>
  `${a.name}`.localeCompare(`${b.name}`)
