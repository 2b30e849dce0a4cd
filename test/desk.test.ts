/** Deeds that are done elsewhere than where they are written down: the chain knows of each before it is done. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { listAudit } from '../src/db/audit.ts'
import type { Desk } from '../src/db/steer.ts'
import { doAt } from '../src/desk.ts'
import { ok, refuse } from '../src/domain/result.ts'
import { openD1 } from './db/d1.ts'

let d1: D1Database
beforeEach(() => {
  ;({ d1 } = openD1('directory'))
})

const away = {
  prepare: () => {
    throw new Error('the directory is away')
  },
} as unknown as D1Database
const desk = (db: D1Database): Desk => ({
  db,
  by: { id: 'mei', name: 'Mei' },
  roles: ['operator'],
  request: 'request-1',
  now: () => 1_800_000_000_000,
  sandbox: true,
  tell: () => undefined,
  felt: () => undefined,
  before: async () => ({ by: Number.POSITIVE_INFINITY, untold: [] }),
  order: async () => ({ told: [], untold: [] }),
})
const deed = ['alert.note', 'alr_hk_1'] as const
const chain = async () =>
  (await listAudit(d1, { before: 1e15, limit: 9 })).entries
    .map(({ outcome, detail }) => [outcome, JSON.parse(detail)])
    .toReversed()

describe('a deed', () => {
  it('is in the chain before it is done, and how it ended after it', async () => {
    const seen: unknown[] = []
    const does = async () => {
      seen.push(await chain())
      return ok(7)
    }
    const done = await doAt(desk(d1), deed, { text: 'x' }, does, value => ({ value }))
    expect(done).toEqual(ok(7))
    expect(seen).toEqual([[['begun', { text: 'x' }]]])
    expect(await chain()).toEqual([
      ['begun', { text: 'x' }],
      ['done', { text: 'x', value: 7 }],
    ])
  })

  it('that is refused says by which code', async () => {
    const done = await doAt(desk(d1), deed, {}, async () => refuse('ALERT_FULL'))
    expect(done).toMatchObject({ refusal: { code: 'ALERT_FULL' } })
    expect((await chain()).map(([outcome]) => outcome)).toEqual(['begun', 'ALERT_FULL'])
  })

  it('is not done where nothing can be written of it', async () => {
    const does = vi.fn(async () => ok(7))
    await expect(doAt(desk(away), deed, {}, does)).rejects.toThrow()
    expect(does).not.toHaveBeenCalled()
  })

  it('of which nobody heard how it ended is begun, and no more is said of it', async () => {
    const lost = doAt(desk(d1), deed, {}, () => Promise.reject(new Error('the center is away')))
    await expect(lost).rejects.toThrow('the center is away')
    expect((await chain()).map(([outcome]) => outcome)).toEqual(['begun'])
  })

  it('that is done stands, and is answered so, though its end cannot be written any more', async () => {
    const lines: string[] = []
    const heard = vi.spyOn(console, 'error').mockImplementation(line => void lines.push(line))
    let isLost = false
    const losing: Desk = {
      ...desk(d1),
      get db() {
        return isLost ? away : d1
      },
    }
    const done = await doAt(losing, deed, {}, async () => {
      isLost = true
      return ok(7)
    })
    heard.mockRestore()
    expect(done).toEqual(ok(7))
    expect((await chain()).map(([outcome]) => outcome)).toEqual(['begun'])
    expect(lines.map(line => JSON.parse(line))).toMatchObject([
      { log: 'audit', event: 'alert.note', subject: 'alr_hk_1', outcome: 'done' },
    ])
  })
})
