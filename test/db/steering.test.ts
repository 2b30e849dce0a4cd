import { beforeEach, describe, expect, it } from 'vitest'
import { changeDirectory, readDirectory } from '../../src/db/directory.ts'
import { putCenter, putEpoch, putRate } from '../../src/db/directory-change.ts'
import { steer } from '../../src/db/steering.ts'
import { directoryOf } from '../../src/domain/directory.ts'
import {
  planDrain,
  planLanes,
  planLoss,
  planReturn,
  planRoll,
} from '../../src/domain/epoch-plan.ts'
import { openD1 } from './d1.ts'
import { epoch, NOW, network, terms } from './network.ts'

const sg = { id: 'sg', number: 2, locationHint: 'apac-se' }
let d1: D1Database
let sqlite: ReturnType<typeof openD1>['sqlite']
const now = () => NOW

beforeEach(async () => {
  ;({ d1, sqlite } = openD1('directory'))
  await changeDirectory(d1, 0, [...network, putCenter(sg)], terms)
})

describe('steering', () => {
  it('writes a plan, and nothing where all is so already', async () => {
    expect(await steer(d1, planLanes('wallet-th', 16), { now })).toMatchObject({
      value: { version: 2, epochs: [{ epoch: 2, lanes: 16 }] },
    })
    expect(await steer(d1, planLanes('wallet-th', 16), { now })).toMatchObject({
      value: { version: 2, epochs: [] },
    })
  })

  it('plans again where somebody was faster', async () => {
    const rate = {
      provider: 'fx-one',
      base: 'CNY',
      counter: 'THB',
      value: '5',
      markupBp: 0,
      asOf: 0,
      goodForMs: 60_000,
    }
    let moved = false
    const outcome = await steer(
      d1,
      (rows, at) => {
        if (!moved) void changeDirectory(d1, 1, [putRate(rate)], terms)
        moved = true
        return planDrain('hk')(rows, at)
      },
      { now },
    )
    expect(outcome).toMatchObject({ value: { version: 3, centers: [{ status: 'draining' }] } })
    const { rates, epochs } = await readDirectory(d1)
    expect(rates).toEqual([rate])
    expect(epochs).toMatchObject([epoch, { epoch: 2, center: 'sg', home: 'hk' }])
  })

  it('is done once by however many see the same loss, and the same month begin', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => steer(d1, planLoss('hk'), { now })))
    expect(all.map(({ ok }) => ok)).toEqual([true, true, true, true])
    expect((await readDirectory(d1)).epochs).toHaveLength(2)
    const later = () => NOW + 40 * 86_400_000
    await Promise.all([1, 2, 3].map(() => steer(d1, planRoll, { now: later })))
    expect((await readDirectory(d1)).epochs).toMatchObject([
      { epoch: 1 },
      { epoch: 2 },
      { epoch: 3, center: 'sg', home: 'hk' },
    ])
  })

  it('says why the directory does not take it', async () => {
    expect(await steer(d1, planDrain('mars'), { now })).toMatchObject({
      refusal: { code: 'PARAM_ILLEGAL' },
    })
  })

  it('moves ten thousand members and back, each change as one', async () => {
    const ids = Array.from({ length: 10_000 }, (_, n) => `wallet-${n}`)
    const copy = sqlite.prepare(
      `INSERT INTO institutions (id, number, name, role, market, currencies, zone, status)
         SELECT ?, ?, name, role, market, currencies, zone, status FROM institutions WHERE id = 'wallet-th'`,
    )
    ids.forEach((id, n) => {
      copy.run(id, n + 10)
    })
    const first = ids.map(institution => putEpoch({ ...epoch, institution }))
    expect(await changeDirectory(d1, 1, first, terms)).toMatchObject({ ok: true })
    expect(await steer(d1, planLoss('hk'), { now })).toMatchObject({ value: { version: 3 } })
    const later = () => NOW + 60_000
    await steer(d1, planReturn('hk'), { now: later })
    const rows = await readDirectory(d1)
    expect(rows.epochs).toHaveLength(3 * 10_001)
    const { epochAt } = directoryOf(rows)
    expect(epochAt('wallet-9999', NOW)).toMatchObject({ center: 'hk' })
    expect(epochAt('wallet-9999', NOW + 10_000)).toMatchObject({ center: 'sg', home: 'hk' })
    expect(epochAt('wallet-9999', NOW + 70_000)).toMatchObject({ center: 'hk', home: null })
  }, 60_000)
})
