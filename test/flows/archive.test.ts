/** Archiving real journals by real SQL, into a bucket that the test looks into. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { Journal } from '../../durable-objects/journal.ts'
import { verify } from '../../src/cli/verify.ts'
import { claimLanes, markArchived } from '../../src/db/archive.ts'
import {
  CLAIM_MS,
  follows,
  GRACE_MS,
  LANES_MAX,
  LATER_MS,
  PATIENCE_MS,
  PIECE_ROWS,
  PIECES_MAX,
  pieceName,
  pieceText,
  RUN_MS,
  rowsIn,
} from '../../src/domain/archive.ts'
import type { PaymentEvent } from '../../src/domain/payment.ts'
import { type ArchiveLine, type ArchivePorts, archiveLanes } from '../../src/flows/archive.ts'
import { openD1 } from '../db/d1.ts'
import { committed, Lane, T0 } from '../db/lane.ts'
import { memorySql } from '../durable-objects/sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'opencpg-archive-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let db: D1Database
let clock: number
let lines: ArchiveLine[]
let bucket: Map<string, string>
let journals: Map<string, Journal>
let until: number | null
let isAtRest: boolean
let asked: string[]

beforeEach(() => {
  db = openD1('center').d1
  clock = T0 + GRACE_MS
  lines = []
  bucket = new Map()
  journals = new Map()
  until = T0
  isAtRest = true
  asked = []
})

const journalOf = (lane: string): Journal => {
  const known = journals.get(lane)
  if (known === undefined) throw new Error(`no lane ${lane}`)
  return known
}

const ports = (change: Partial<ArchivePorts> = {}): ArchivePorts => ({
  center: 'hk',
  now: () => clock,
  claim: (now, limit) => claimLanes(db, now, limit),
  until: () => until,
  async rest(lane) {
    asked.push(lane)
    return { ...journalOf(lane).head, isAtRest }
  },
  rows: async (lane, after) => journalOf(lane).chained(after),
  async known(lane, after) {
    const key = [...bucket.keys()].sort().find(name => name > pieceName(lane, after))
    const row = key === undefined ? undefined : rowsIn(bucket.get(key) ?? '', after).at(-1)
    return row === undefined ? null : [row[0], row[2]]
  },
  async keep(piece) {
    const name = pieceName(piece.lane, piece.rows.at(-1)?.[0] ?? 0)
    const text = pieceText(piece)
    if (bucket.has(name)) return bucket.get(name) === text
    bucket.set(name, text)
    return true
  },
  mark: told => markArchived(db, told),
  log: line => void lines.push(line),
  ...change,
})

/** So many payments more in a lane, each in two rows, projected, and anchored up to a row. */
async function pays(lane: Lane, payments: number, anchored?: number): Promise<void> {
  const journal = journals.get(lane.name) ?? new Journal(memorySql())
  journals.set(lane.name, journal)
  for (let made = 0; made < payments; made += 1) {
    const id = lane.open()
    commit(journal, lane, id)
    lane.tell(id, committed)
    commit(journal, lane, id)
  }
  await db
    .prepare(
      `INSERT INTO lane_progress (lane, seq, anchored_seq) VALUES (?1, ?2, ?3)
       ON CONFLICT DO UPDATE SET seq = ?2, anchored_seq = ?3`,
    )
    .bind(lane.name, lane.seq, anchored ?? lane.seq)
    .run()
}

/** A row with what has happened last. */
function commit(journal: Journal, lane: Lane, id: string) {
  const events = lane.run(lane.seq).entries.map(({ event }) => event as PaymentEvent)
  journal.record([{ payment: lane.payment(id), events }])
}

const progress = (lane: Lane) =>
  db
    .prepare('SELECT archived_seq AS seq, archive_at AS at FROM lane_progress WHERE lane = ?1')
    .bind(lane.name)
    .first<{ seq: number; at: number }>()

/** All pieces one after another, as an auditor puts them together. */
async function verified(): Promise<Awaited<ReturnType<typeof verify>>> {
  const file = join(folder, `${bucket.size}.jsonl`)
  const names = [...bucket.keys()].sort()
  writeFileSync(file, names.map(name => bucket.get(name)).join(''))
  return verify(file, undefined, () => undefined)
}

const gone = async (): Promise<never> => {
  throw new Error('away')
}

describe('the archive', () => {
  it('has a lane that has ended, in pieces which are one file that verifies', async () => {
    const lane = new Lane('wallet-th', 1, 0)
    const payments = PIECE_ROWS / 2 + 3
    await pays(lane, payments)
    await archiveLanes(ports())
    expect([...bucket.keys()]).toEqual([
      pieceName(lane.name, PIECE_ROWS),
      pieceName(lane.name, PIECE_ROWS + 6),
    ])
    const { ok, centers } = await verified()
    expect(centers[0]?.lanes).toMatchObject([{ lane: lane.name, payments, rows: 2 * payments }])
    expect(ok).toBe(true)
  })

  it('goes on with what comes later, and never writes a piece twice', async () => {
    const lane = new Lane('wallet-th', 1, 0)
    await pays(lane, 2)
    await archiveLanes(ports())
    expect(await archiveLanes(ports())).toEqual([])
    await pays(lane, 1)
    expect(await archiveLanes(ports()), 'not before its time').toEqual([])
    clock += LATER_MS
    await archiveLanes(ports())
    expect([...bucket.keys()]).toEqual([pieceName(lane.name, 4), pieceName(lane.name, 6)])
    expect((await verified()).ok).toBe(true)
  })

  it('finds a piece that was written although nobody heard of it, whatever has come since', async () => {
    const lane = new Lane('wallet-th', 1, 0)
    await pays(lane, 2)
    await expect(archiveLanes(ports({ mark: gone }))).rejects.toThrow('away')
    await pays(lane, 1)
    expect(await archiveLanes(ports()), 'that run may still go on').toEqual([])
    clock += CLAIM_MS
    await archiveLanes(ports())
    expect([...bucket.keys()]).toEqual([pieceName(lane.name, 4), pieceName(lane.name, 6)])
    expect(await progress(lane)).toMatchObject({ seq: 6 })
    expect((await verified()).ok).toBe(true)
  })

  it('says that a piece is not what the lane is, and leaves both alone', async () => {
    const lane = new Lane('wallet-th', 1, 0)
    await pays(lane, 1)
    const changed = journalOf(lane.name)
      .chained(0)
      .map(([last, body]) => [last, body, 'another'] as const)
    const name = pieceName(lane.name, 2)
    const text = pieceText({ center: 'hk', lane: lane.name, after: 0, rows: changed })
    bucket.set(name, text)
    await archiveLanes(ports())
    expect(lines).toMatchObject([{ event: 'differs', lane: lane.name, seq: 2 }])
    expect(bucket.get(name)).toBe(text)
    expect(await progress(lane)).toMatchObject({ seq: 0 })
  })

  it.each([
    ['its epoch goes on', null, true, 0, 0],
    ['its epoch ended less than a day ago', T0 + 1, true, 0, 0],
    ['its epoch ended a day ago', T0, true, 1, 1],
    ['something in it is owed', T0, false, 1, 0],
    ['something has been owed for a week', T0 + GRACE_MS - PATIENCE_MS, false, 1, 1],
  ] as const)('where %s', async (_, ends, rests, asks, pieces) => {
    const lane = new Lane('wallet-th', 1, 0)
    await pays(lane, 1)
    until = ends
    isAtRest = rests
    await archiveLanes(ports())
    expect([asked.length, bucket.size]).toEqual([asks, pieces])
    // Whatever it was, it is not looked at again every minute.
    expect((await progress(lane))?.at).toBeGreaterThan(clock)
    expect(await archiveLanes(ports())).toEqual([])
  })

  it('has nothing that no anchor names, however far the lane is', async () => {
    const lane = new Lane('wallet-th', 1, 0)
    await pays(lane, 3, 0)
    expect(await archiveLanes(ports())).toEqual([])
    await pays(lane, 1, 5)
    await archiveLanes(ports())
    expect([...bucket.keys()]).toEqual([pieceName(lane.name, 5)])
    expect(await progress(lane)).toMatchObject({ seq: 5 })
    await pays(lane, 1)
    clock += LATER_MS
    await archiveLanes(ports())
    expect([...bucket.keys()]).toEqual([pieceName(lane.name, 5), pieceName(lane.name, 10)])
    expect((await verified()).ok).toBe(true)
  })

  it('is filled by one run at a time, though the lane moves meanwhile', async () => {
    const lane = new Lane('wallet-th', 1, 0)
    await pays(lane, 2)
    const { promise: open, resolve: go } = Promise.withResolvers<void>()
    const { promise: reached, resolve: reaches } = Promise.withResolvers<void>()
    const { keep } = ports()
    const slow = archiveLanes(
      ports({
        async keep(piece) {
          reaches()
          await open
          return keep(piece)
        },
      }),
    )
    await reached
    await pays(lane, 1)
    expect(await archiveLanes(ports())).toEqual([])
    go()
    await slow
    clock += LATER_MS
    await archiveLanes(ports())
    expect([...bucket.keys()]).toEqual([pieceName(lane.name, 4), pieceName(lane.name, 6)])
    expect((await verified()).ok).toBe(true)
  })

  it('goes on in another run where one takes long', async () => {
    const [one, two] = [new Lane('wallet-th', 1, 0), new Lane('wallet-th', 1, 1)]
    await pays(one, PIECE_ROWS / 2 + 1)
    await pays(two, 1)
    const { keep } = ports()
    const slow = ports({
      keep(piece) {
        clock += RUN_MS
        return keep(piece)
      },
    })
    expect(await archiveLanes(slow)).toEqual([[one.name, PIECE_ROWS, 0]])
    await archiveLanes(ports())
    expect([...bucket.keys()].toSorted()).toEqual([
      pieceName(one.name, PIECE_ROWS),
      pieceName(one.name, PIECE_ROWS + 2),
      pieceName(two.name, 2),
    ])
  })

  it('does not believe that a piece is kept where the bucket has another one of its name', async () => {
    const lane = new Lane('wallet-th', 1, 0)
    await pays(lane, 1)
    const name = pieceName(lane.name, 2)
    // It comes between the look and the write.
    const known = async () => {
      bucket.set(name, 'another')
      return null
    }
    expect(await archiveLanes(ports({ known }))).toMatchObject([[lane.name, 0, clock + LATER_MS]])
    expect(lines).toMatchObject([{ event: 'differs', lane: lane.name, seq: 2 }])
    expect(bucket.get(name)).toBe('another')
  })

  it('writes so many pieces in a minute, and goes on in the next', async () => {
    const lanes = Array.from({ length: PIECES_MAX + 2 }, (_, n) => new Lane('wallet-th', 1, n))
    for (const lane of lanes) await pays(lane, 1)
    await archiveLanes(ports())
    expect(bucket.size).toBe(PIECES_MAX)
    await archiveLanes(ports())
    expect(bucket.size).toBe(PIECES_MAX + 2)
  })

  it('looks at so many lanes in a minute, so that no number of open ones keeps an ended one waiting', async () => {
    const open = Array.from({ length: LANES_MAX }, (_, n) => new Lane('wallet-th', 2 + n, 0))
    for (const lane of open) await pays(lane, 1)
    const ended = new Lane('wallet-th', 900, 0)
    await pays(ended, 1)
    const epochs = ports({ until: name => (name === ended.name ? T0 : null) })
    await archiveLanes(epochs)
    await archiveLanes(epochs)
    expect([...bucket.keys()]).toEqual([pieceName(ended.name, 2)])
  })

  it('keeps what it has done when the bucket goes away in between', async () => {
    const [one, two, three] = [0, 1, 2].map(n => new Lane('wallet-th', 1, n)) as [Lane, Lane, Lane]
    for (const lane of [one, two, three]) await pays(lane, 1)
    const { keep } = ports()
    const failing = ports({ keep: piece => (piece.lane === two.name ? gone() : keep(piece)) })
    await expect(archiveLanes(failing)).rejects.toThrow('away')
    expect(await progress(one)).toMatchObject({ seq: 2 })
    expect(await progress(two)).toMatchObject({ seq: 0, at: clock + CLAIM_MS })
    expect(await progress(three)).toMatchObject({ seq: 0, at: 0 })
  })

  it('writes nothing else while a write that failed may still arrive', async () => {
    const lane = new Lane('wallet-th', 1, 0)
    await pays(lane, 2)
    let arrive = async () => true
    const { keep } = ports()
    const failing = ports({
      async keep(piece) {
        arrive = () => keep(piece)
        throw new Error('no answer')
      },
    })
    await expect(archiveLanes(failing)).rejects.toThrow('no answer')
    await pays(lane, 1)
    expect(await archiveLanes(ports())).toEqual([])
    await arrive()
    clock += CLAIM_MS
    await archiveLanes(ports())
    expect([...bucket.keys()]).toEqual([pieceName(lane.name, 4), pieceName(lane.name, 6)])
    expect((await verified()).ok).toBe(true)
  })
})

describe('rows that follow', () => {
  const rows = [
    [5, '[1,2]', 'h'],
    [6, '[3]', 'i'],
  ] as const
  it.each([
    [2, false],
    [3, true],
    [4, true],
  ])('on row %i: %s', (after, does) => expect(follows(rows, after)).toBe(does))
  it('are not there where there are none', () => expect(follows([], 0)).toBe(false))
})
