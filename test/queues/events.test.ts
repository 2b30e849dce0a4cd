import { beforeEach, describe, expect, it } from 'vitest'
import { project } from '../../src/db/projection.ts'
import type { LaneBatch } from '../../src/domain/lane-batch.ts'
import { packJson } from '../../src/domain/pack.ts'
import { backoffSeconds, consumeEvents, type EventsLine } from '../../src/queues/events.ts'
import { openD1 } from '../db/d1.ts'
import { findPayment } from '../db/find-payment.ts'
import { committed, Lane } from '../db/lane.ts'
import { batchOf, type Sent, sent, sentRun } from './messages.ts'

let d1: D1Database
let acknowledged: [lane: string, seq: number][]
let rewound: [lane: string, seq: number][]
/** What the lane believes to be stored. */
let believed: number
let watched: LaneBatch[]
let lines: EventsLine[]
let broken: (batch: LaneBatch) => boolean
let deaf: boolean

beforeEach(() => {
  d1 = openD1('center').d1
  acknowledged = []
  rewound = []
  believed = 0
  watched = []
  lines = []
  broken = () => false
  deaf = false
})

const consume = (...list: Sent[]) =>
  consumeEvents(batchOf(...list), {
    async project(batch) {
      if (broken(batch)) throw new Error('D1 is away')
      return project(d1, batch)
    },
    async acknowledge(...told) {
      if (deaf) throw new Error('the lane is away')
      acknowledged.push(told)
    },
    async rewind(...told) {
      if (deaf) throw new Error('the lane is away')
      rewound.push(told)
      return told[1] < believed
    },
    watch(runs) {
      watched.push(...runs)
    },
    log: line => lines.push(line),
  })

/** A lane with three payments, opened and committed: six events. */
function busyLane(lane = 0): Lane {
  const busy = new Lane('wallet-th', 1, lane)
  for (let made = 0; made < 3; made += 1) busy.tell(busy.open(), committed)
  return busy
}

describe('a batch of messages', () => {
  it('is stored and acknowledged in one call for each lane, in whatever order it came', async () => {
    const [one, two] = [busyLane(0), busyLane(1)]
    const messages = [
      sentRun(one.run(5, 6)),
      sentRun(two.run(1, 6)),
      sentRun(one.run(1, 2)),
      sentRun(one.run(3, 4)),
    ]
    await consume(...messages)
    expect(messages.map(({ answer }) => answer)).toEqual(['ack', 'ack', 'ack', 'ack'])
    expect(acknowledged.toSorted()).toEqual([
      [one.name, 6],
      [two.name, 6],
    ])
    expect(lines).toEqual([])
  })

  it('is told to whoever watches, too, but for what is no run', async () => {
    const lane = busyLane()
    broken = () => true
    await consume(sentRun(lane.run(1, 2)), sent('{'), sentRun(lane.run(3, 6)))
    expect(watched.map(({ from, to }) => [from, to])).toEqual([
      [1, 2],
      [3, 6],
    ])
  })

  it('keeps amounts exact on their way', async () => {
    const lane = new Lane()
    const id = lane.open()
    await consume(sentRun(lane.run()))
    expect((await findPayment(d1, id))?.terms.payer.minor).toBe(49_748n)
  })

  it('brings a run that came early back later, and acknowledges what is there', async () => {
    const lane = busyLane()
    const [first, third] = [sentRun(lane.run(1, 2)), sentRun(lane.run(5, 6), 3)]
    await consume(third, first)
    expect([first.answer, third.answer]).toEqual(['ack', 8])
    expect(acknowledged).toEqual([[lane.name, 2]])
    expect(lines).toMatchObject([{ event: 'early', lane: lane.name, from: 5, to: 6, attempts: 3 }])
  })

  it.each([
    ['tells a lane what the projection has lost, once its run came too early so often', 3, 6, true],
    ['says nothing to a lane that waits for the run before itself', 3, 0, false],
    ['lets a run come too early for a while', 2, 6, null],
  ])('%s', async (_, attempts, belief, isBack) => {
    const lane = busyLane()
    believed = belief
    await consume(sentRun(lane.run(5, 6), attempts), sentRun(lane.run(3, 4), attempts))
    expect(rewound).toEqual(isBack === null ? [] : [[lane.name, 0]])
    const said = lines.filter(({ event }) => event === 'rewound')
    expect(said).toMatchObject(isBack === true ? [{ lane: lane.name, from: 1 }] : [])
  })

  it('does not mind a lane that cannot be told of a loss', async () => {
    const lane = busyLane()
    deaf = true
    await consume(sentRun(lane.run(5, 6), 3))
    expect(lines).toMatchObject([{ event: 'early' }, { event: 'unacknowledged', from: 1 }])
  })

  it('acknowledges a run that is stored already, because the lane did not hear it', async () => {
    const lane = busyLane()
    await consume(sentRun(lane.run()))
    await consume(sentRun(lane.run(1, 2)))
    expect(acknowledged).toEqual([
      [lane.name, 6],
      [lane.name, 6],
    ])
  })

  it('goes on after a message that cannot be stored', async () => {
    const [bad, good] = [busyLane(0), busyLane(1)]
    broken = batch => batch.lane === bad.name
    const messages = [sentRun(bad.run()), sentRun(good.run())]
    await consume(...messages)
    expect(messages.map(({ answer }) => answer)).toEqual([2, 'ack'])
    expect(acknowledged).toEqual([[good.name, 6]])
    expect(lines).toMatchObject([{ log: 'events', event: 'failed', reason: 'D1 is away' }])
  })

  it('does not mind a lane that cannot be told: it will ask again', async () => {
    deaf = true
    const message = sentRun(busyLane().run())
    await consume(message)
    expect(message.answer).toBe('ack')
    expect(lines).toMatchObject([{ event: 'unacknowledged', to: 6, message: null }])
  })

  const run = busyLane().run()
  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a number', '7'],
    ['an object of another kind', '{"minor":"1"}'],
    ['an amount that is none', '{"minor":"x"}'],
    ['a payment that is none', `${packJson({ ...run, payments: undefined })}\n{`],
    ['no string', { ...run }],
    ['a run with a hole', packJson({ ...run, to: 7 })],
    ['a run that begins elsewhere', packJson({ ...run, from: 0, to: 5 })],
  ])('sends %s towards the dead letters and holds up nothing', async (_, body) => {
    const [poison, good] = [sent(body, 10), sentRun(busyLane().run())]
    await consume(poison, good)
    expect([poison.answer, good.answer]).toEqual([60, 'ack'])
    expect(lines).toMatchObject([{ event: 'unreadable', message: 'm1', attempts: 10, lane: null }])
  })
})

it('reads a run that speaks of no payment, because all of it was barred', async () => {
  const run = { ...busyLane().run(), payments: [] }
  const barred = run.entries.map(entry => ({
    ...entry,
    event: { type: 'barred', at: 1, by: 'wallet-th' },
  }))
  const told = sentRun({ ...run, entries: barred as never })
  await consume(told)
  expect(told.answer).toBe('ack')
})

it('reads a run of the release before, which has its payments in the head', async () => {
  const old = sent(packJson(busyLane().run()))
  await consume(old)
  expect(old.answer).toBe('ack')
})

it.each([
  [1, 2],
  [2, 4],
  [5, 32],
  [6, 60],
  [100, 60],
])('after %i attempts a message rests %i s', (attempts, seconds) => {
  expect(backoffSeconds(attempts)).toBe(seconds)
})
