/** A small run on every push: sixty worlds, twenty of them with limits; half always the same, half new. */
import { describe, expect, it } from 'vitest'
import { playAll } from './pool.ts'
import type { Done } from './worker.ts'

const PAYMENTS = 80
const WORLDS = 20
/** Those with limits take longer. */
const LIMITED = 10
const fresh = Number(process.env.SIMULATION_SEED ?? Date.now() % 1_000_000_000)

async function play(from: number, count = WORLDS, limits = false): Promise<Done[]> {
  const worlds: Done[] = []
  const seeds = Array.from({ length: count }, (_, index) => from + index)
  const heard = (done: Done) => worlds.push(done) > 0
  await playAll({ seeds, payments: PAYMENTS, limits, threads: 2, tells: true, heard })
  return worlds
}

describe('a world in which everything fails', () => {
  it.each([
    ['known seeds', 1],
    ['fresh seeds', fresh],
  ])('keeps every rule (%s, from %i)', { timeout: 120_000 }, async (_, from) => {
    const worlds = await play(from)
    const stories = worlds.flatMap(({ story }) => story ?? [])
    expect(stories.map(({ seed, lines }) => [`seed ${seed}`, ...lines].join('\n'))).toEqual([])
    const sum = (of: (done: Done) => number) => worlds.reduce((total, done) => total + of(done), 0)
    // Enough must have happened for the rules to mean anything.
    expect(sum(({ history }) => history.committed)).toBeGreaterThan(WORLDS * PAYMENTS * 0.4)
    expect(sum(({ history }) => history.aborted)).toBeGreaterThan(20)
    expect(
      new Set(worlds.flatMap(({ history }) => Object.keys(history.faults))).size,
    ).toBeGreaterThan(25)
  })

  it.each([
    ['known seeds', 1],
    ['fresh seeds', fresh],
  ])('keeps every limit (%s, from %i)', { timeout: 120_000 }, async (_, from) => {
    const worlds = await play(from, LIMITED, true)
    const stories = worlds.flatMap(({ story }) => story ?? [])
    expect(stories.map(({ seed, lines }) => [`seed ${seed}`, ...lines].join('\n'))).toEqual([])
    const opened = worlds.reduce((sum, { history }) => sum + history.opened, 0)
    const refused = worlds.reduce((sum, { history }) => sum + history.refused, 0)
    // Limits must leave room, and bind.
    expect(opened).toBeGreaterThan(LIMITED * PAYMENTS * 0.15)
    expect(refused).toBeGreaterThan(LIMITED * PAYMENTS * 0.2)
  })

  it('is the same world again for the same seed', { timeout: 60_000 }, async () => {
    const histories: Done[] = []
    const heard = (done: Done) => histories.push(done) > 0
    await playAll({ seeds: [7, 7], payments: PAYMENTS, threads: 2, heard })
    await playAll({ seeds: [7, 7], payments: PAYMENTS, limits: true, threads: 2, heard })
    expect(histories[0]).toEqual(histories[1])
    expect(histories[2]).toEqual(histories[3])
    expect(histories[2]).not.toEqual(histories[0])
  })
})
