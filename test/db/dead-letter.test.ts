import { describe, expect, it } from 'vitest'
import type { DeadLetterPlace } from '../../src/db/cursor.ts'
import { listDeadLetters } from '../../src/db/dead-letter.ts'
import { project } from '../../src/db/projection.ts'
import { DEAD_AFTER } from '../../src/domain/duty.ts'
import { openD1 } from './d1.ts'
import { committed, Lane } from './lane.ts'

const duty = { duty: 'deliver_receipt', owner: 'acquirer-cn' } as const
const told = { type: 'duty_told', ...duty } as const

/** A payment whose receipt was told so often. */
function tried(attempts: number) {
  const lane = new Lane()
  const id = lane.open()
  lane.tell(id, committed)
  for (let made = 0; made < attempts; made += 1) lane.tell(id, told)
  return { lane, id }
}

const all = async (d1: D1Database, institution: string) =>
  (await listDeadLetters(d1, { institution, after: null, limit: 10 })).items.map(({ item }) => item)

describe('a dead letter', () => {
  it('is a duty that was told eight times, and its owner sees it', async () => {
    const { d1 } = openD1('center')
    const { lane, id } = tried(DEAD_AFTER - 1)
    await project(d1, lane.run())
    expect(await all(d1, 'acquirer-cn')).toEqual([])
    lane.tell(id, told)
    await project(d1, lane.run())
    const { since } = lane.payment(id).duties[0]!
    const letter = { paymentId: id, duty: duty.duty, about: null, since, attempts: DEAD_AFTER }
    expect(await all(d1, 'acquirer-cn')).toEqual([letter])
    expect(await all(d1, 'wallet-th')).toEqual([])
  })

  it('is gone once it is acknowledged, and an older run does not bring it back', async () => {
    const { d1 } = openD1('center')
    const { lane, id } = tried(DEAD_AFTER)
    const before = lane.run()
    lane.tell(id, { type: 'duty_done', ...duty })
    await project(d1, lane.run())
    expect(await all(d1, 'acquirer-cn')).toEqual([])
    await project(d1, before)
    expect(await all(d1, 'acquirer-cn')).toEqual([])
  })

  it('is listed once in pages of any size, oldest first', async () => {
    const { d1 } = openD1('center')
    const lane = new Lane()
    for (let n = 0; n < 7; n += 1) {
      const id = lane.open()
      lane.tell(id, committed)
      for (let made = 0; made < DEAD_AFTER; made += 1) lane.tell(id, told)
    }
    await project(d1, lane.run())
    const whole = (await all(d1, 'acquirer-cn')).map(({ paymentId }) => paymentId)
    expect(new Set(whole).size).toBe(7)
    for (const limit of [1, 2, 3, 7]) {
      const read: string[] = []
      let after: DeadLetterPlace | null = null
      for (let more = true; more; ) {
        const page = await listDeadLetters(d1, { institution: 'acquirer-cn', after, limit })
        expect(page.items.length).toBeLessThanOrEqual(limit)
        read.push(...page.items.map(({ item }) => item.paymentId))
        after = page.end
        more = page.more
      }
      expect(read).toEqual(whole)
    }
  })
})
