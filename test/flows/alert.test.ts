/** Mutes over all centers, of which one may be away: nobody is told that it is quiet where it is not. */
import { describe, expect, it } from 'vitest'
import { AlertDesk } from '../../durable-objects/alert-desk.ts'
import type { Mute } from '../../src/domain/alert-mute.ts'
import { type AlertPort, type AlertsWorld, listMutes, mute } from '../../src/flows/alert.ts'
import { memorySql } from '../durable-objects/sqlite.ts'

const T0 = 1_800_000_000_000
const wanted: Mute = {
  id: 'm',
  kind: 'clock_skew',
  subject: null,
  from: T0,
  until: T0 + 60_000,
  reason: 'known',
  by: 'mei',
}

/** Two centers with desks of their own; the second may be away. */
function network() {
  const desks = { hk: new AlertDesk(memorySql()), sg: new AlertDesk(memorySql()) }
  const away = new Set<string>()
  const portOf = (center: 'hk' | 'sg') => {
    const desk = async () => {
      if (away.has(center)) throw new Error('away')
      return desks[center]
    }
    return {
      mutes: async () => (await desk()).mutes,
      mute: async (each: Mute) => (await desk()).mute(each, T0),
    } as unknown as AlertPort
  }
  const world: AlertsWorld = {
    monitors: { hk: portOf('hk'), sg: portOf('sg') },
    pause: () => new Promise(() => null),
    log: () => undefined,
  }
  return { desks, away, world }
}

describe('a mute', () => {
  it('says where it is not known to hold, and the same again mends it', async () => {
    const { desks, away, world } = network()
    away.add('sg')
    expect(await mute(wanted, world)).toMatchObject({ ok: true, value: { notIn: ['sg'] } })
    expect((await listMutes(world)).mutes).toMatchObject([{ mute: { id: 'm' }, notIn: ['sg'] }])
    away.clear()
    // The center is back and calls on: the list does not say that it is muted there.
    expect(await listMutes(world)).toMatchObject({ mutes: [{ notIn: ['sg'] }], missing: [] })
    const again = await mute({ ...wanted, from: T0 + 5_000, by: 'somchai' }, world)
    expect(again).toMatchObject({ ok: true, value: { mute: { by: 'mei', from: T0 }, notIn: [] } })
    expect(desks.sg.mutes).toMatchObject([{ id: 'm', until: wanted.until }])
    expect((await listMutes(world)).mutes).toMatchObject([{ notIn: [] }])
  })

  it('of a known id that asks for something else is refused, and changes nothing', async () => {
    const { desks, world } = network()
    await mute(wanted, world)
    const other = await mute({ ...wanted, kind: 'latency_rise' }, world)
    expect(other).toMatchObject({ refusal: { code: 'REPEAT_REQ_INCONSISTENT' } })
    expect(desks.hk.mutes).toEqual([wanted])
  })

  it('that no center heard of is none', async () => {
    const { away, world } = network()
    away.add('hk').add('sg')
    expect(await mute(wanted, world)).toMatchObject({ refusal: { code: 'CENTER_UNAVAILABLE' } })
  })
})
