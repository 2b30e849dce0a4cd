import { describe, expect, it } from 'vitest'
import { Outlook } from '../../durable-objects/outlook.ts'
import { directoryOf } from '../../src/domain/directory.ts'
import type { Vouch } from '../../src/sentinels.ts'
import { Network } from './network.ts'

const { rows } = new Network({ limits: [] }).directory
const directory = (version: number) => directoryOf({ ...rows, version })
const patience = () => new Promise<void>(() => undefined)

/** A lender's outlook; the directory was last seen at 0, in version 1. */
function world(vouch: (now: number) => Promise<Vouch | null>) {
  const asked: number[] = []
  const state = { now: 0, held: { directory: directory(1), confirmedAt: 0 } }
  const outlook = new Outlook({
    now: () => state.now,
    pause: patience,
    snapshot: async () => state.held,
    vouch: version => {
      asked.push(version)
      return vouch(state.now)
    },
  })
  const sees = async (version = 0) => {
    const sight = await outlook.sight(version)
    return [sight.directory.version, sight.confirmedAt]
  }
  return { state, asked, sees }
}

const says = (said: Partial<Vouch>) => async () => ({
  ...{ version: 1, confirmedAt: 0, rows: null },
  ...said,
})

describe('what a lender knows of the directory', () => {
  it('is its snapshot while that is young, and nobody is asked', async () => {
    const { state, asked, sees } = world(says({ confirmedAt: 1_000 }))
    state.now = 3_000
    expect(await sees()).toEqual([1, 0])
    expect(asked).toEqual([])
  })

  it('is what the sentinel vouches for once it is old', async () => {
    const { state, asked, sees } = world(async now => ({
      version: 1,
      confirmedAt: now - 100,
      rows: null,
    }))
    state.now = 60_000
    expect(await sees()).toEqual([1, 59_900])
    state.now = 62_000
    // That is young enough for now.
    expect(await sees()).toEqual([1, 59_900])
    state.now = 64_000
    expect(await sees()).toEqual([1, 63_900])
    expect(asked).toEqual([1, 1])
  })

  it('is a newer directory, where another center has told the sentinel of one', async () => {
    const { state, asked, sees } = world(
      says({ version: 4, confirmedAt: 59_000, rows: { ...rows, version: 4 } }),
    )
    state.now = 60_000
    expect(await sees()).toEqual([4, 59_000])
    state.now = 70_000
    await sees()
    // Whoever has it is not sent it again.
    expect(asked).toEqual([1, 4])
    state.held = { directory: directory(5), confirmedAt: 70_000 }
    expect(await sees()).toEqual([5, 70_000])
  })

  it('is asked for where a recall names a version that is not in hand', async () => {
    const { state, sees } = world(
      says({ version: 2, confirmedAt: 900, rows: { ...rows, version: 2 } }),
    )
    state.now = 1_000
    expect(await sees(2)).toEqual([2, 900])
  })

  it('is no more than the snapshot where the sentinel has an older one, knows nothing, or is away', async () => {
    for (const vouch of [
      says({ version: 0, confirmedAt: 59_000 }),
      async () => null,
      () => Promise.reject(new Error('away')),
    ]) {
      const { state, sees } = world(vouch)
      state.now = 60_000
      expect(await sees()).toEqual([1, 0])
    }
  })

  it('is never older than it was, whatever the sentinel says later', async () => {
    const said = [59_000, 10_000]
    const { state, sees } = world(async () => ({
      version: 1,
      confirmedAt: said.shift() ?? 0,
      rows: null,
    }))
    state.now = 60_000
    expect(await sees()).toEqual([1, 59_000])
    state.now = 80_000
    expect(await sees()).toEqual([1, 59_000])
  })

  it('is asked for once for all who come together, and not again at once', async () => {
    const { promise, resolve } = Promise.withResolvers<Vouch | null>()
    const { state, asked, sees } = world(() => promise)
    state.now = 60_000
    const both = [sees(), sees()]
    resolve({ version: 1, confirmedAt: 2_000, rows: null })
    expect(await Promise.all(both)).toEqual([
      [1, 2_000],
      [1, 2_000],
    ])
    state.now = 60_400
    await sees()
    expect(asked).toHaveLength(1)
    state.now = 60_600
    await sees()
    expect(asked).toHaveLength(2)
  })
})
