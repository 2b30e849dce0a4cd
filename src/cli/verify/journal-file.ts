/**
 * A lane as a file, to be handed to an auditor: one JSON object a line, everything that verification needs. Reading it
 * gives the same tables that the lane has, so the same code verifies both.
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { laneName } from '../../domain/payment-id.ts'
import { type VerifyingKey, verifyingKey } from '../../trust/keys.ts'
import type { AnchorCopy } from './anchors.ts'
import { type Books, type CenterBook, type LaneBook, placeIn, sqlOf } from './books.ts'
import type { MemberKey } from './keys.ts'

/** What a lane has, by table. Blobs travel as hex. */
const tables = {
  journal: ['last', 'body', 'hash'],
  payment: ['id', 'due', 'body', 'rows'],
  bar: ['id', 'body'],
  mark: ['name', 'value'],
} as const satisfies Record<string, readonly string[]>

type Table = keyof typeof tables

interface Head {
  readonly file: 'opencpg-journal'
  readonly v: 1
  readonly center: string
  readonly lane: string
  /** From a running gateway: what the lane keeps beside its journal is not in it. */
  readonly journalOnly?: true
}

/** One of these in each line, or the values of one row under the name of its table. */
interface Line extends Partial<Head>, Partial<Record<Table, readonly SQLInputValue[]>> {
  readonly anchors?: AnchorCopy
  readonly memberKey?: MemberKey
  readonly gatewayKey?: MemberKey
}

/** Line by line; closes the books at the end. */
export async function* journalLines(
  books: Books,
  { center, copies }: CenterBook,
  book: LaneBook,
): AsyncGenerator<string> {
  const lane = book.place === null ? '' : laneName(book.place)
  const head: Head = { file: 'opencpg-journal', v: 1, center, lane }
  yield lineOf(head)
  for (const copy of copies()) yield lineOf({ anchors: copy })
  for (const memberKey of books.memberKeys) yield lineOf({ memberKey })
  for (const { id, algorithm, key } of books.gatewayKeys) {
    const spki = (await crypto.subtle.exportKey('spki', key)) as ArrayBuffer
    const publicKey = Buffer.from(spki).toString('base64')
    yield lineOf({ gatewayKey: { id, institution: 'gateway', algorithm, publicKey } })
  }
  const { sql, close } = book.open()
  try {
    for (const [table, columns] of Object.entries(tables)) {
      for (const row of sql.rows(`SELECT ${columns.join(', ')} FROM ${table}`)) {
        const values = columns.map(column => written(row[column] ?? null))
        yield lineOf({ [table]: values })
      }
    }
  } finally {
    close()
    books.close()
  }
}

const lineOf = (line: Line): string => `${JSON.stringify(line)}\n`

const written = (value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value

/** Throws, with what is wrong, where the file is no such journal. */
export async function openJournalFile(path: string): Promise<Books> {
  const database = new DatabaseSync(':memory:')
  for (const [table, columns] of Object.entries(tables)) {
    database.exec(`CREATE TABLE ${table} (${columns.join(', ')})`)
  }
  let head: Line = {}
  const copies: AnchorCopy[] = []
  const memberKeys: MemberKey[] = []
  const gatewayKeys: VerifyingKey[] = []
  for await (const line of linesOf(path)) {
    if (line.file !== undefined) head = line
    if (line.anchors !== undefined) copies.push(line.anchors)
    if (line.memberKey !== undefined) memberKeys.push(line.memberKey)
    if (line.gatewayKey !== undefined) gatewayKeys.push(await verifyingKey(line.gatewayKey))
    insert(database, line)
  }
  const { file, v, center = '', lane = '', journalOnly = false } = head
  if (file !== 'opencpg-journal' || v !== 1) {
    throw new Error(`${path} is no exported journal: no line in it says so.`)
  }
  const place = placeIn(database)
  if (place !== null && laneName(place) !== lane) {
    throw new Error(`${path} says that it is lane ${lane}, and holds ${laneName(place)}.`)
  }
  const open = () => ({ sql: sqlOf(database), close: () => undefined })
  return {
    centers: [
      {
        center,
        whole: false,
        projection: null,
        copies: () => copies,
        lanes: () => [{ file: path, place, extent: journalOnly ? 'journal' : 'whole', open }],
      },
    ],
    memberKeys,
    gatewayKeys,
    close: () => database.close(),
  }
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  let number = 0
  for await (const text of createInterface({ input: createReadStream(path) })) {
    number += 1
    try {
      yield JSON.parse(text)
    } catch {
      throw new Error(`${path} is no exported journal: line ${number} is no JSON.`)
    }
  }
}

function insert(database: DatabaseSync, line: Line) {
  for (const [table, columns] of Object.entries(tables)) {
    const values = line[table as Table]
    if (values === undefined) continue
    const read = columns.map((column, place) =>
      column === 'hash' ? Buffer.from(String(values[place]), 'hex') : (values[place] ?? null),
    )
    database
      .prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`)
      .run(...read)
  }
}
