/** Which shares a change of the directory calls back, and how their lenders hear of it. */
import { expect, it } from 'vitest'
import type { Directory } from '../../src/domain/directory.ts'
import type { Step } from '../../src/domain/steering.ts'
import { recalledBy, recallShares } from '../../src/flows/shares.ts'
import type { LenderPort } from '../../src/flows/world.ts'
import { rows } from './world.ts'

const recalled = (...steps: readonly Step[]) => recalledBy(steps, rows.institutions)
const inMarkets = (...markets: readonly string[]) =>
  rows.institutions.filter(({ market }) => markets.includes(market)).map(({ id }) => id)

it('calls back the shares of whoever is stopped or limited, and of whoever is stopped again', () => {
  const limit = { institution: 'wallet-my', scope: '*', kind: 'value_day' } as const
  const row = { reason: 'keys leaked', until: null }
  expect(
    recalled(
      { kind: 'switch_off', subject: 'institution', name: 'wallet-th' },
      { kind: 'switch_on', subject: 'institution', name: 'wallet-id' },
      { kind: 'restore_switch', row: { ...row, subject: 'institution', name: 'wallet-vn' } },
      { kind: 'set_limit', limit, value: '1' },
      { kind: 'drain_center', center: 'hk' },
    ),
  ).toEqual(['wallet-th', 'wallet-vn', 'wallet-my'])
})

it('calls back the shares of whoever pays or is paid by what is closed', () => {
  const row = { reason: 'made up', until: null, subject: 'scenario', name: 'inbound' } as const
  expect(recalled({ kind: 'switch_off', subject: 'corridor', name: 'TH>CN' })).toEqual(
    inMarkets('TH', 'CN'),
  )
  expect(inMarkets('TH', 'CN')).toEqual(expect.arrayContaining(['wallet-th', 'acquirer-cn']))
  const all = rows.institutions.map(({ id }) => id)
  expect(recalled({ kind: 'switch_off', subject: 'family', name: 'qris' })).toEqual(all)
  expect(recalled({ kind: 'restore_switch', row })).toEqual(all)
  expect(recalled({ kind: 'switch_on', subject: 'corridor', name: 'TH>CN' })).toEqual([])
})

it('tells the lenders of those who have limits, so many at a time and no more than a request may', async () => {
  const told: string[] = []
  const lines: object[] = []
  let [now, most] = [0, 0]
  const lendersOf = (id: string) => ({
    hk: {
      async recall(version: number) {
        most = Math.max(most, ++now)
        told.push(`${id} ${version}`)
        await new Promise(done => setTimeout(done, 1))
        now -= 1
        return 0
      },
    } as LenderPort,
  })
  const ids = Array.from({ length: 1_205 }, (_, at) => `member-${at}`)
  const directory = {
    limits: (id: string) => (id === 'member-0' ? [] : [{}]),
  } as unknown as Directory
  await recallShares(ids, 7, directory, lendersOf, line => lines.push(line))
  expect(told).toEqual(ids.slice(1, 1_001).map(id => `${id} 7`))
  expect(most).toBe(64)
  expect(lines).toContainEqual({ log: 'recall', version: 7, left: 204 })
})
