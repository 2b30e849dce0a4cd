import { describe, expect, it } from 'vitest'
import { Journal } from '../../durable-objects/journal.ts'
import { Outbox } from '../../durable-objects/outbox.ts'
import type { PackedBatch } from '../../src/domain/lane-batch.ts'
import { apply } from '../../src/domain/payment.ts'
import { readLaneBatch } from '../../src/queues/lane-batch.ts'
import { terms } from '../domain/terms.ts'
import { memorySql } from './sqlite.ts'

function outbox() {
  const journal = new Journal(memorySql())
  const world = { at: 0, sent: [] as PackedBatch[], fails: false, hangs: false }
  const box = new Outbox(
    journal,
    {
      now: () => world.at,
      pause: () => Promise.resolve(),
      publish: async batch => {
        if (world.fails) throw new Error('queue away')
        if (world.hangs) await new Promise(() => undefined)
        world.sent.push(batch)
      },
    },
    'hk',
    '7:1:0',
  )
  let made = 0
  const commit = () => {
    made += 1
    const paymentId = `pay_${String(made).padStart(32, '0')}`
    const event = {
      type: 'opened',
      at: 0,
      terms: { ...terms, paymentId },
      bodyHash: '',
      hold: { reference: 'h', key: 'k' },
      evidence: { base: 'base', signature: 'signature' },
    } as const
    journal.transaction(() => journal.record([{ payment: apply(null, event), events: [event] }]))
  }
  return { journal, world, box, commit }
}

describe('the outbox', () => {
  it('sends each run once while all is well', async () => {
    const { box, world, commit } = outbox()
    commit()
    await box.flush()
    commit()
    await box.flush()
    await box.flush()
    expect(world.sent.map(batch => [batch.from, batch.to])).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  it('keeps evidence in the journal, where it belongs, and tells the world without it', async () => {
    const { box, world, commit, journal } = outbox()
    commit()
    await box.flush()
    const [entry] = readLaneBatch(world.sent[0]!.text)!.entries
    expect(entry?.event).toMatchObject({ type: 'opened', hold: { key: 'k' } })
    expect(entry?.event).not.toHaveProperty('evidence')
    const [recorded] = journal.history(entry!.paymentId)
    expect(recorded?.events).toMatchObject([{ evidence: { signature: 'signature' } }])
  })

  it('tells again what the projection has lost, and nothing where it has lost nothing', async () => {
    const { box, world, journal, commit } = outbox()
    for (let made = 0; made < 3; made += 1) {
      commit()
      await box.flush()
    }
    box.acknowledge(3)
    expect(box.dueAt).toBeNull()
    expect(box.rewind(3)).toBe(false)
    expect(box.rewind(1)).toBe(true)
    expect(box.rewind(1)).toBe(false)
    expect(journal.projected).toBe(1)
    expect(box.dueAt).toBe(world.at)
    await box.flush()
    expect(world.sent.slice(3).map(({ from, to }) => [from, to])).toEqual([[2, 3]])
    box.acknowledge(3)
    expect(box.dueAt).toBeNull()
  })

  it('repeats what nobody acknowledged, more patiently each time', async () => {
    const { box, world, commit } = outbox()
    commit()
    await box.flush()
    world.at = 4_999
    await box.wake()
    expect(world.sent).toHaveLength(1)
    world.at = 5_000
    await box.wake()
    expect(world.sent).toHaveLength(2)
    expect(box.dueAt).toBe(15_000)
  })

  it('is at rest once all is acknowledged, and an older acknowledgement takes nothing back', async () => {
    const { box, journal, commit } = outbox()
    for (let n = 0; n < 3; n += 1) commit()
    box.acknowledge(2)
    expect(box.dueAt).not.toBeNull()
    box.acknowledge(3)
    box.acknowledge(1)
    expect(journal.projected).toBe(3)
    expect(box.dueAt).toBeNull()
  })

  it('believes no acknowledgement of what is not in the journal', async () => {
    const { box, journal, commit } = outbox()
    commit()
    box.acknowledge(9)
    commit()
    expect(journal.projected).toBe(1)
    expect(box.dueAt).not.toBeNull()
  })

  it('survives a queue that is away and comes back by its timer', async () => {
    const { box, world, commit } = outbox()
    commit()
    world.fails = true
    await box.flush()
    expect(box.dueAt).not.toBeNull()
    world.fails = false
    await box.wake()
    expect(world.sent).toHaveLength(1)
  })

  it('leaves a queue that took nothing in peace for a while', async () => {
    const { box, world, commit } = outbox()
    commit()
    world.at = 1_000
    expect(box.dueAt).toBe(1_000)
    world.fails = true
    await box.flush()
    expect(box.dueAt).toBe(6_000)
  })

  it('tries again although the queue never answered', async () => {
    const { box, world, commit } = outbox()
    commit()
    world.hangs = true
    await box.flush()
    world.hangs = false
    await box.flush()
    expect(world.sent).toHaveLength(1)
    expect(box.dueAt).toBe(5_000)
  })

  it('begins after a restart where the projection stands', async () => {
    const { box, journal, commit } = outbox()
    commit()
    commit()
    box.acknowledge(1)
    expect(journal.projected).toBe(1)
    const sent: PackedBatch[] = []
    const restarted = new Outbox(
      journal,
      {
        now: () => 0,
        pause: () => Promise.resolve(),
        publish: async batch => void sent.push(batch),
      },
      'hk',
      '7:1:0',
    )
    await restarted.wake()
    expect(sent.map(batch => [batch.from, batch.to])).toEqual([[2, 2]])
  })
})
