import { expect, it } from 'vitest'
import { consumeDead, type DeadLine } from '../../src/queues/dead.ts'
import { Lane } from '../db/lane.ts'
import { batchOf, sent, sentRun } from './messages.ts'

it('shows every dead letter once and lets it go', () => {
  const lane = new Lane()
  lane.open()
  const [run, poison] = [sentRun(lane.run(), 11), sent('{', 11)]
  const lines: DeadLine[] = []
  consumeDead(batchOf(run, poison), line => lines.push(line))
  const letter = { log: 'dead', message: 'm1', attempts: 11 }
  expect(lines).toEqual([
    { ...letter, lane: lane.name, from: 1, to: 1 },
    { ...letter, lane: null, from: null, to: null },
  ])
  expect([run.answer, poison.answer]).toEqual(['ack', 'ack'])
})
