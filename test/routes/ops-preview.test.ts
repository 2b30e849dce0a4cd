/** What a preview says of centers that are away, of a proposal that has moved, and of what was looked at. */
import { beforeEach, describe, expect, it } from 'vitest'
import { readChange } from '../../src/db/change.ts'
import { changeDirectory } from '../../src/db/directory.ts'
import { ask, type Desk, decideAbout } from '../../src/db/steer.ts'
import type { Wish } from '../../src/domain/change.ts'
import { packWindow, Window } from '../../src/domain/window.ts'
import type { MonitorPort, MonitorsWorld } from '../../src/flows/monitor.ts'
import { previewOf, previewOfChange } from '../../src/routes/ops-preview.ts'
import { openD1 } from '../db/d1.ts'
import { NOW, network, terms } from '../db/network.ts'

let directory: D1Database
beforeEach(async () => {
  directory = openD1('directory').d1
  await changeDirectory(directory, 0, network, terms)
})

const desk = (id = 'mei', now = NOW): Desk => ({
  db: directory,
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

function counting(opened: number): Partial<MonitorPort> {
  const window = new Window()
  if (opened > 0) window.cell('institution', 'wallet-th').opened = opened
  const periods = [{ start: NOW, cells: packWindow(window) }]
  return { windows: async () => ({ periods, isCut: false }) }
}
const away: Partial<MonitorPort> = { windows: () => Promise.reject(new Error('away')) }

const world = (monitors: Readonly<Record<string, Partial<MonitorPort>>>): MonitorsWorld => ({
  monitors: monitors as Record<string, MonitorPort>,
  pause: () => new Promise(() => undefined),
  log: () => undefined,
})

const projection = () => openD1('center').d1
const lost = {
  prepare: () => ({ bind: () => ({}) }),
  batch: () => Promise.reject(new Error('away')),
} as unknown as D1Database

const suspend: Wish = {
  id: 'w1',
  steps: [{ kind: 'switch_off', subject: 'institution', name: 'wallet-th' }],
  reason: 'keys leaked',
  until: null,
  lastsMs: null,
  plan: null,
  undoOf: null,
}

describe('a preview', () => {
  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, hk: Partial<MonitorPort>, sg: Partial<MonitorPort>, projections: 'there' | 'lost', opened: number | undefined, missing: readonly string[]]>([
    ['of a day that all centers have counted', counting(3), counting(4), 'there', 7,         []],
    ['of a quiet day',                         counting(0), counting(0), 'there', undefined, []],
    ['names the monitor that is away',         counting(3), away,        'there', 3,         ['sg']],
    ['calls no day quiet without it',          counting(0), away,        'there', undefined, ['sg']],
    ['names a lost projection, too',           counting(3), counting(4), 'lost',  7,         ['hk']],
    ['and both of them',                       counting(3), away,        'lost',  3,         ['sg', 'hk']],
  ])('%s', async (_, hk, sg, there, opened, missing) => {
    const projections = { hk: there === 'lost' ? lost : projection(), sg: projection() }
    const found = await previewOf(desk(), suspend, projections, world({ hk, sg }))
    expect(found.missing).toEqual(missing)
    expect(found.steps[0]?.lastDay?.opened).toBe(opened)
    expect(found.traffic?.missing).toEqual(there === 'lost' ? ['hk'] : [])
  })

  it('of what lasts so long says what lasts so long', async () => {
    const steps = [{ kind: 'switch_off', subject: 'family', name: 'qris' }] as const
    const dangers = async (lastsMs: number | null) =>
      (await previewOf(desk(), { steps, until: null, lastsMs }, {}, world({}))).dangers
    expect(await dangers(3_600_000)).toEqual([])
    expect(await dangers(3_600_001)).toEqual(['stops_for_long'])
    await ask(desk(), { ...suspend, steps, lastsMs: 60_000 }, null)
    const later = { steps, until: null, lastsMs: 3_600_000 }
    const found = await previewOf(desk('mei', NOW + 60_000), later, {}, world({}))
    expect(found).toMatchObject({ dangers: ['stops_for_long'], needsApproval: true })
  })
})

describe('a proposal', () => {
  const lookedAt = async (id: string, now = NOW + 1) => {
    const change = await readChange(directory, id)
    if (change === null) throw new Error('must be there')
    return previewOfChange(desk('aisyah', now), change, { hk: projection() }, world({}))
  }

  it('is shown as it would touch the network now, and why it is for two', async () => {
    await ask(desk(), suspend, null)
    expect(await lookedAt('w1')).toMatchObject({
      steps: [{ step: suspend.steps[0], now: 'on' }],
      dangers: ['cuts_off_member'],
      needsApproval: true,
      faults: [],
    })
  })

  it('that has moved says so before anybody agrees to it', async () => {
    await ask(desk(), suspend, null)
    await ask(desk(), { ...suspend, id: 'w2', reason: 'another' }, null)
    await decideAbout(desk('aisyah'), 'w2', 'approve')
    const says = 'is no longer as it was when it was proposed'
    expect((await lookedAt('w1')).faults).toEqual([{ pointer: '/steps/0', says }])
  })

  it('to an instant that has passed cannot be made', async () => {
    await ask(desk(), { ...suspend, until: NOW + 60_000 }, null)
    expect((await lookedAt('w1', NOW + 60_000)).faults).toEqual([
      { pointer: '/steps/0', says: 'until is null or an instant to come' },
    ])
  })
})
