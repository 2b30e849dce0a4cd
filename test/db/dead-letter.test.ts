import { describe, expect, it } from 'vitest'
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

describe('a dead letter', () => {
  it('is a duty that was told eight times, and its owner sees it', async () => {
    const { d1 } = openD1('center')
    const { lane, id } = tried(DEAD_AFTER - 1)
    await project(d1, lane.run())
    expect(await listDeadLetters(d1, 'acquirer-cn', 10)).toEqual([])
    lane.tell(id, told)
    await project(d1, lane.run())
    const { since } = lane.payment(id).duties[0]!
    const letter = { paymentId: id, duty: duty.duty, about: null, since, attempts: DEAD_AFTER }
    expect(await listDeadLetters(d1, 'acquirer-cn', 10)).toEqual([letter])
    expect(await listDeadLetters(d1, 'wallet-th', 10)).toEqual([])
  })

  it('is gone once it is acknowledged, and an older run does not bring it back', async () => {
    const { d1 } = openD1('center')
    const { lane, id } = tried(DEAD_AFTER)
    const before = lane.run()
    lane.tell(id, { type: 'duty_done', ...duty })
    await project(d1, lane.run())
    expect(await listDeadLetters(d1, 'acquirer-cn', 10)).toEqual([])
    await project(d1, before)
    expect(await listDeadLetters(d1, 'acquirer-cn', 10)).toEqual([])
  })
})
