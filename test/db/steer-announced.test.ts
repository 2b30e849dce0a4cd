/** Limits and allowances that are set from an instant on, over the real SQL: written when they are agreed on, and gone without a trace. */
import { beforeEach, describe, expect, it } from 'vitest'
import { changeDirectory, readDirectory } from '../../src/db/directory.ts'
import { ask, type Desk, decideAbout, takeBack } from '../../src/db/steer.ts'
import type { Wish } from '../../src/domain/change.ts'
import type { Step } from '../../src/domain/steering.ts'
import { openD1 } from './d1.ts'
import { NOW, network, terms } from './network.ts'

const SECOND_MS = 1_000
const DAY_MS = 86_400 * SECOND_MS
const LATER = NOW + 60 * SECOND_MS

let d1: D1Database
beforeEach(async () => {
  ;({ d1 } = openD1('directory'))
  await changeDirectory(d1, 0, network, terms)
})

const desk = (now = NOW, id = 'mei'): Desk => ({
  db: d1,
  by: { id, name: id },
  roles: ['operator'],
  request: 'request-1',
  now: () => now,
  sandbox: false,
  tell: () => undefined,
  felt: () => undefined,
  before: async () => ({ by: Number.POSITIVE_INFINITY, untold: [] }),
  order: async () => ({ told: [], untold: [] }),
})
const limit = { institution: 'wallet-th', scope: '*', kind: 'value_day' } as const
const allowance = { corridor: '*>CN', kind: 'year' } as const
const set = (value: string | null, from?: number): Step => ({
  kind: 'set_limit',
  limit,
  value,
  ...(from === undefined ? {} : { from }),
})
const may = (value: string | null, from: number): Step => ({
  kind: 'set_allowance',
  allowance,
  value,
  from,
})
const wish = (id: string, steps: readonly Step[], more: Partial<Wish> = {}): Wish => ({
  ...{ id, steps, reason: 'a new contract', until: null, lastsMs: null },
  ...{ plan: null, undoOf: null },
  ...more,
})
const all = async () => {
  const { limits = [], allowances = [] } = await readDirectory(d1)
  return [...limits, ...allowances].toSorted((one, other) => one.from - other.from)
}
const course = async () => (await all()).map(({ from, value }) => [from, value])

/** Asks, and has somebody else approve where that is needed. */
async function made(asked: Wish, now = NOW) {
  const said = await ask(desk(now), asked, null)
  if (!said.ok) throw new Error(said.refusal.detail?.says ?? said.refusal.code)
  if (said.value.status === 'applied') return said.value
  const approved = await decideAbout(desk(now, 'aisyah'), asked.id, 'approve')
  if (!approved.ok) throw new Error(approved.refusal.code)
  return approved.value
}
const refused = async (asked: Wish, now = NOW) => {
  const said = await ask(desk(now), asked, null)
  return said.ok ? said.value.status : said.refusal.detail?.fields?.map(({ pointer }) => pointer)
}

describe('a limit that is set from an instant on', () => {
  it('is written at once, for then, and is the same change when it is asked for again after that', async () => {
    const asked = wish('l1', [set('5', LATER)])
    expect(await made(asked)).toMatchObject({ status: 'applied', steps: [{ from: LATER }] })
    expect(await course()).toEqual([[LATER, 5n]])
    expect(await ask(desk(LATER + 1), asked, null)).toMatchObject({ value: { id: 'l1', at: NOW } })
  })

  it('and higher waits for a second person, like one that is raised now', async () => {
    await made(wish('l0', [set('5')]))
    const asked = await ask(desk(NOW + 1), wish('l1', [set('6', LATER)]), null)
    expect(asked).toMatchObject({ value: { status: 'proposed', dangers: ['raises_limit'] } })
    expect(await course()).toEqual([[NOW, 5n]])
    await decideAbout(desk(NOW + 2, 'aisyah'), 'l1', 'approve')
    expect(await course()).toEqual([
      [NOW, 5n],
      [LATER, 6n],
    ])
  })

  it('and is approved after that, counts from then; its time, too', async () => {
    await made(wish('l0', [set('5')]))
    await ask(desk(NOW + 1), wish('l1', [set('6', LATER)], { lastsMs: SECOND_MS }), null)
    const late = LATER + 7
    expect(await decideAbout(desk(late, 'aisyah'), 'l1', 'approve')).toMatchObject({
      value: { status: 'applied', until: late + SECOND_MS },
    })
    expect(await course()).toEqual([
      [NOW, 5n],
      [late, 6n],
      [late + SECOND_MS, 5n],
    ])
  })

  it('and for a while, lasts so long from then', async () => {
    const change = await made(wish('l1', [set('5', LATER)], { lastsMs: SECOND_MS }))
    expect(change).toMatchObject({ until: LATER + SECOND_MS })
    expect(await course()).toEqual([
      [LATER, 5n],
      [LATER + SECOND_MS, null],
    ])
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [says: string, steps: readonly Step[], more: Partial<Wish>, pointers: readonly string[]]>([
    ['is not in the past',         [set('5', NOW - 1)],                      {},                      ['/steps/0/from']],
    ['nor farther than 400 days',  [set('5'), may('5', NOW + 401 * DAY_MS)], {},                      ['/steps/1/from']],
    ['nor after its end',          [set('5', LATER)],                        { until: LATER },        ['/steps/0/from']],
    ['nor apart from another one of the same length', [set('5'), may('5', LATER)], { lastsMs: DAY_MS }, ['/seconds']],
  ])('%s', async (_, steps, more, pointers) => {
    expect(await refused(wish('l1', steps, more))).toEqual(pointers)
    expect(await course()).toEqual([])
  })

  it('is one of eight that are announced, and not of nine', async () => {
    const at = (place: number) => LATER + place * SECOND_MS
    for (let place = 0; place < 8; place += 1) {
      await made(wish(`l${place}`, [set(`${place}`, at(place))]))
    }
    expect(await refused(wish('l8', [set('8', at(8))]))).toEqual(['/steps/0'])
    expect(await course()).toHaveLength(8)
  })

  it('in steps of one change, goes up them; a later step takes away what is announced behind it', async () => {
    await made(wish('l0', [set('1', LATER + 2)]))
    await made(wish('l1', [set('5', LATER), set('6', LATER + 1), set('7', LATER + 2)]))
    expect(await course()).toEqual([
      [LATER, 5n],
      [LATER + 1, 6n],
      [LATER + 2, 7n],
    ])
    await made(wish('l2', [set('4', LATER + 2), set('3', LATER + 1)]))
    expect(await course()).toEqual([
      [LATER, 5n],
      [LATER + 1, 3n],
    ])
  })
})

describe('taking back', () => {
  it('what has not begun leaves row for row what there was', async () => {
    await made(wish('l0', [set('5')]))
    await made(wish('l1', [set('7', LATER), may('7', LATER)]))
    const before = await all()
    await made(
      wish('l2', [set('6', LATER - 1), may('6', LATER + 1)], { until: LATER + DAY_MS }),
      NOW + 1,
    )
    expect(await all()).not.toEqual(before)
    const back = await takeBack(desk(NOW + 2), 'l2', { id: 'u1', reason: 'a mistake' })
    expect(back).toMatchObject({ value: { status: 'applied', dangers: [] } })
    expect(await all()).toEqual(before)
    // And it can be brought back like any other change that was taken back, by two.
    const again = await takeBack(desk(NOW + 3), 'u1', { id: 'u2', reason: 'no mistake' })
    expect(again).toMatchObject({ value: { status: 'proposed', dangers: ['raises_limit'] } })
    await decideAbout(desk(NOW + 4, 'aisyah'), 'u2', 'approve')
    expect(await course()).toEqual([
      [NOW, 5n],
      [LATER - 1, 6n],
      [LATER, 7n],
      [LATER + 1, 6n],
      [LATER + DAY_MS, 7n],
      [LATER + DAY_MS, 7n],
    ])
  })

  it('what has begun ends it now', async () => {
    await made(wish('l0', [set('5')]))
    await made(wish('l1', [set('4', LATER)]))
    await takeBack(desk(LATER + 9), 'l1', { id: 'u1', reason: 'enough' })
    expect(await course()).toEqual([
      [NOW, 5n],
      [LATER, 4n],
      [LATER + 9, 5n],
    ])
  })

  it('is refused once somebody has announced more', async () => {
    await made(wish('l1', [set('5', LATER)]))
    await made(wish('l2', [set('4', LATER + 1)]))
    expect(await takeBack(desk(NOW + 1), 'l1', { id: 'u1', reason: 'over' })).toMatchObject({
      refusal: { code: 'CHANGE_MOVED' },
    })
  })
})
