import { expect, it } from 'vitest'
import { recalledBy } from '../../src/flows/shares.ts'

it('calls back the shares of whoever is stopped or limited, and of whoever is stopped again', () => {
  const limit = { institution: 'wallet-my', scope: '*', kind: 'value_day' } as const
  const row = { reason: 'keys leaked', until: null }
  expect(
    recalledBy([
      { kind: 'switch_off', subject: 'institution', name: 'wallet-th' },
      { kind: 'switch_on', subject: 'institution', name: 'wallet-id' },
      { kind: 'switch_off', subject: 'corridor', name: 'TH>CN' },
      { kind: 'restore_switch', row: { ...row, subject: 'institution', name: 'wallet-vn' } },
      { kind: 'restore_switch', row: { ...row, subject: 'family', name: 'qris' } },
      { kind: 'set_limit', limit, value: '1' },
      { kind: 'drain_center', center: 'hk' },
    ]),
  ).toEqual(['wallet-th', 'wallet-vn', 'wallet-my'])
})
