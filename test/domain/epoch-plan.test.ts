import { describe, expect, it } from 'vitest'
import type { Center } from '../../src/domain/directory.ts'
import { EPOCH_NOTICE_MS } from '../../src/domain/epoch.ts'
import {
  type Planned,
  type Planner,
  planDrain,
  planLanes,
  planLoss,
  planPin,
  planReturn,
  planRoll,
  standbyOf,
} from '../../src/domain/epoch-plan.ts'
import type { Epoch } from '../../src/domain/institution.ts'
import { wallet } from '../db/network.ts'

const NOW = Date.UTC(2026, 9, 15, 12)
const hk: Center = { id: 'hk', number: 1, locationHint: 'apac-ne' }
const sg: Center = { id: 'sg', number: 2, locationHint: 'apac-se' }
const fra: Center = { id: 'fra', number: 3, locationHint: 'weur' }
const epoch = (institution: string, number: number, more: Partial<Epoch> = {}): Epoch => ({
  ...{ institution, epoch: number, from: Date.UTC(2026, 9, 2), center: 'hk', lanes: 4 },
  ...more,
})
const rows: Planned = {
  centers: [hk, sg, fra],
  institutions: [wallet, { ...wallet, id: 'acquirer-cn', number: 2 }],
  epochs: [epoch('wallet-th', 1), epoch('acquirer-cn', 7, { center: 'sg' })],
}
const SOON = NOW + EPOCH_NOTICE_MS + 1_000

function planned(planner: Planner, of: Planned = rows, now = NOW) {
  const plan = planner(of, now)
  if (!plan.ok) throw new Error(JSON.stringify(plan.refusal))
  return plan.value
}
/** The directory with the plan in it. */
const afterIt = (of: Planned, { centers, epochs }: ReturnType<typeof planned>): Planned => ({
  ...of,
  centers: of.centers.map(each => centers.find(({ id }) => id === each.id) ?? each),
  epochs: [...of.epochs, ...epochs],
})
const refused = (planner: Planner, of: Planned = rows) => {
  const plan = planner(of, NOW)
  return plan.ok ? null : plan.refusal.detail?.fields?.[0]?.says
}

describe('more lanes or fewer', () => {
  it('begin as soon as everybody can know of them', () => {
    expect(planned(planLanes('wallet-th', 64))).toEqual({
      centers: [],
      epochs: [epoch('wallet-th', 2, { from: SOON, lanes: 64 })],
    })
  })

  it('are planned by nobody where there are so many', () => {
    expect(planned(planLanes('wallet-th', 4)).epochs).toEqual([])
  })

  it('begin after an epoch that is announced already', () => {
    const announced = epoch('wallet-th', 2, { from: SOON + 60_000, lanes: 8 })
    const of = { ...rows, epochs: [announced, ...rows.epochs] }
    expect(planned(planLanes('wallet-th', 4), of).epochs).toMatchObject([
      { epoch: 3, from: SOON + 60_001, lanes: 4 },
    ])
  })

  it.each([0, 65, 1.5, Number.NaN])('are not %d', lanes => {
    expect(refused(planLanes('wallet-th', lanes))).toBe('lanes are 1 to 64')
  })

  it('are of a member', () => {
    expect(refused(planLanes('nobody', 2))).toBe('nobody has no lanes')
  })
})

describe('a center that is drained or lost', () => {
  it.each([
    ['drained', planDrain('hk'), 'draining'],
    ['lost', planLoss('hk'), 'down'],
  ] as const)(
    '%s: its lanes go to the standby and know where they are at home',
    (_, plan, status) => {
      expect(planned(plan)).toEqual({
        centers: [{ ...hk, status, statusSince: NOW }],
        epochs: [epoch('wallet-th', 2, { from: SOON, center: 'sg', home: 'hk' })],
      })
    },
  )

  it('is planned by nobody twice, however many see it', () => {
    const once = afterIt(rows, planned(planLoss('hk')))
    expect(planned(planLoss('hk'), once)).toEqual({ centers: [], epochs: [] })
  })

  it('that is lost while it is drained is down, and nothing moves again', () => {
    const draining = afterIt(rows, planned(planDrain('hk')))
    expect(planned(planLoss('hk'), draining)).toEqual({
      centers: [{ ...hk, status: 'down', statusSince: NOW }],
      epochs: [],
    })
  })

  it('leaves also what an announced epoch would bring to it', () => {
    const announced = epoch('acquirer-cn', 8, { from: SOON + 5_000 })
    const of = { ...rows, epochs: [...rows.epochs, announced] }
    expect(planned(planLoss('hk'), of).epochs).toMatchObject([
      { institution: 'wallet-th', center: 'sg' },
      { institution: 'acquirer-cn', epoch: 9, from: SOON + 5_001, center: 'sg', home: 'hk' },
    ])
  })

  it('hands on what it had taken over, which stays at home where it was', () => {
    const first = afterIt(rows, planned(planLoss('hk')))
    const second = planned(planLoss('sg'), first)
    expect(second.epochs).toMatchObject([
      { institution: 'wallet-th', epoch: 3, center: 'fra', home: 'hk' },
      { institution: 'acquirer-cn', epoch: 8, center: 'fra', home: 'sg' },
    ])
    const back = planned(planReturn('hk'), afterIt(first, second))
    expect(back.epochs).toMatchObject([{ institution: 'wallet-th', center: 'hk', home: null }])
  })

  it('gives everything to the one that is named, if that is up', () => {
    const named = { ...hk, standby: 'fra' }
    expect(standbyOf([named, sg, fra], 'hk')).toBe(fra)
    expect(standbyOf([named, sg, { ...fra, status: 'draining' }], 'hk')).toBe(sg)
  })

  it('stays as it is where no other is up', () => {
    const alone = { ...rows, centers: [hk, { ...sg, status: 'down' as const }] }
    expect(refused(planDrain('hk'), alone)).toBe('no other center is up')
    expect(refused(planLoss('mars'))).toBe('there is no center mars')
  })
})

describe('a center that comes back', () => {
  it('gets what is at home there, and nothing else', () => {
    const lost = afterIt(rows, planned(planLoss('hk')))
    const back = planned(planReturn('hk'), lost, NOW + 60_000)
    expect(back).toEqual({
      centers: [{ ...hk, status: 'up', statusSince: NOW + 60_000 }],
      epochs: [epoch('wallet-th', 3, { from: SOON + 60_000, home: null })],
    })
    expect(planned(planReturn('hk'), afterIt(lost, back))).toEqual({ centers: [], epochs: [] })
  })

  it('at once, before its lanes have moved, gets them in the next epoch all the same', () => {
    const lost = afterIt(rows, planned(planLoss('hk')))
    expect(planned(planReturn('hk'), lost, NOW + 1).epochs).toMatchObject([{ from: SOON + 1 }])
  })
})

it('a pin is put and taken away', () => {
  const pin = planned(planPin('hk', true))
  expect(pin.centers).toEqual([{ ...hk, pinned: true }])
  expect(planned(planPin('hk', true), afterIt(rows, pin)).centers).toEqual([])
  expect(planned(planPin('hk', false)).centers).toEqual([])
})

describe('the monthly roll', () => {
  it('is due in a minute of its own of the month, and once', () => {
    const minute = Date.UTC(2026, 10, 1, 0, 1)
    expect(planned(planRoll, rows, minute - 1).epochs).toEqual([])
    const first = planned(planRoll, rows, minute)
    expect(first.epochs).toMatchObject([
      { institution: 'wallet-th', epoch: 2, center: 'hk', lanes: 4 },
    ])
    const rolled = afterIt(rows, first)
    expect(planned(planRoll, rolled, minute + 30_000).epochs).toEqual([])
    expect(planned(planRoll, rolled, minute + 60_000).epochs).toMatchObject([
      { institution: 'acquirer-cn', epoch: 8, center: 'sg' },
    ])
  })

  it('leaves lanes alone that began in the week before', () => {
    const minute = Date.UTC(2026, 10, 1, 0, 1)
    const began = (days: number) => ({
      ...rows,
      epochs: [epoch('wallet-th', 2, { from: minute - days * 86_400_000 })],
    })
    expect(planned(planRoll, began(7), minute).epochs).toEqual([])
    expect(planned(planRoll, began(8), minute).epochs).toHaveLength(1)
  })

  it('keeps lanes that are away from home away', () => {
    const away = { ...rows, epochs: [epoch('wallet-th', 2, { center: 'sg', home: 'hk' })] }
    expect(planned(planRoll, away, Date.UTC(2026, 11, 24)).epochs).toMatchObject([
      { center: 'sg', home: 'hk' },
    ])
  })
})
