import { describe, expect, it } from 'vitest'
import { type DeedRow, deedsAt, isUnended, keyOf } from '../../src/console/deeds.ts'
import type { AuditEntryView } from '../../src/wire/ops-audit.ts'

/** Of a chain, oldest first: `a begun`, `a done`; what it was done to is its request, too. */
const chainOf = (...lines: readonly string[]): readonly AuditEntryView[] =>
  lines.map((line, place) => {
    const [subject = '', outcome = '', by = 'mei'] = line.split(' ')
    return {
      seq: place + 1,
      at: new Date(place).toISOString(),
      by: { id: by, name: by },
      roles: [],
      action: 'alert.note',
      subject,
      outcome,
      detail: '{}',
      request: subject,
      hash: `${place}`,
    }
  })

const others = (count: number) => Array.from({ length: count }, (_, each) => `other${each} done`)

/** The interface as it is: entries before the cursor, newest first; and how often it was asked. */
function interfaceTo(chain: readonly AuditEntryView[]) {
  const asked: number[] = []
  const ask = ({ limit, cursor }: { limit: number; cursor?: string }) => {
    asked.push(limit)
    const before = chain.filter(({ seq }) => cursor === undefined || seq < Number(cursor))
    return Promise.resolve({ data: before.toReversed().slice(0, limit) })
  }
  return { ask, asked }
}

const pageOf = (chain: readonly AuditEntryView[], cursor?: string) =>
  deedsAt(cursor, interfaceTo(chain).ask)
const said = ({ entry, other }: DeedRow) =>
  `#${entry.seq} ${entry.subject} ${entry.outcome}${other === null ? '' : ` (#${other.seq})`}`

describe('a deed that is done elsewhere', () => {
  it.each(['done', 'ALERT_FULL'])('and ended as %s is one row, where it ended', async end => {
    const { data } = await pageOf(chainOf('a begun', 'b done', `a ${end}`))
    expect(data.map(said)).toEqual([`#3 a ${end} (#1)`, '#2 b done'])
    expect(data.some(isUnended)).toBe(false)
  })

  it('and has no end is a row of its own, whatever else was done beside it', async () => {
    const chain = chainOf('a begun', 'b begun', 'b done', 'a done other-person', 'c done')
    const { data } = await pageOf(chain)
    expect(data.map(said)).toEqual(['#5 c done', '#4 a done', '#3 b done (#2)', '#1 a begun'])
    expect(data.filter(isUnended).map(said)).toEqual(['#1 a begun'])
  })

  it('keeps its row when it ends', async () => {
    const before = await pageOf(chainOf('a begun'))
    const after = await pageOf(chainOf('a begun', 'b done', 'a done'))
    expect(before.data.map(keyOf)).toEqual([1])
    expect(after.data.map(keyOf)).toEqual([1, 2])
  })
})

describe('the pages of the chain', () => {
  const walk = async (chain: readonly AuditEntryView[]) => {
    const pages: DeedRow[][] = []
    let cursor: string | undefined
    do {
      const { data, nextCursor } = await pageOf(chain, cursor)
      pages.push([...data])
      cursor = nextCursor ?? undefined
    } while (cursor !== undefined)
    return pages
  }

  it('tell of each entry once, wherever deeds are cut by them', async () => {
    for (let newer = 90; newer <= 101; newer += 1) {
      const lines = [...others(3), 'a begun', 'b begun', 'a done', 'lost begun', 'b done']
      const chain = chainOf(...lines, ...others(newer))
      const rows = (await walk(chain)).flat()
      const told = rows.flatMap(({ entry, other }) => [entry, ...(other === null ? [] : [other])])
      expect(told.map(({ seq }) => seq).toSorted((one, two) => one - two)).toEqual(
        chain.map(({ seq }) => seq),
      )
      expect(rows.filter(isUnended).map(said)).toEqual(['#7 lost begun'])
      expect(new Set(rows.map(keyOf)).size).toBe(rows.length)
    }
  })

  it('have at the most a hundred entries, and end with the chain', async () => {
    const pages = await walk(chainOf(...others(230)))
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 30])
    expect(await walk([])).toEqual([[]])
  })

  it('show both halves of a deed that are far apart, and that they belong together', async () => {
    const chain = chainOf('a begun', ...others(420), 'a done')
    const [first = [], ...rest] = await walk(chain)
    const last = rest.at(-1) ?? []
    expect(first[0] && said(first[0])).toBe('#422 a done')
    expect(said(last.at(-1)!)).toBe('#1 a begun (#422)')
    const near = await pageOf(chainOf('a begun', ...others(60), 'a done'))
    expect([said(near.data[0]!), said(near.data.at(-1)!)]).toEqual([
      '#62 a done (#1)',
      '#1 a begun (#62)',
    ])
    expect(new Set(near.data.map(keyOf)).size).toBe(near.data.length)
  })

  it('look for ends no longer than they must', async () => {
    const asks = async (lines: readonly string[], cursor?: string) => {
      const { ask, asked } = interfaceTo(chainOf(...lines))
      await deedsAt(cursor, ask)
      return asked.length
    }
    expect(await asks(['a begun', ...others(10)])).toBe(1)
    expect(await asks(['a begun', 'a done', ...others(300)], '3')).toBe(1)
    expect(await asks(['a begun', ...others(300), 'a done'], '3')).toBe(3)
    expect(await asks(['a begun', ...others(300)], '3')).toBe(4)
    expect(await asks(['a begun', ...others(3_000)], '3')).toBe(6)
  })
})
