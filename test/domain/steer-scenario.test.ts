/** Closing corridors one by one, or all at once, until nothing of a scenario is left. */
import { expect, it } from 'vitest'
import type { DirectoryRows, Switch } from '../../src/domain/directory.ts'
import { endsScenario } from '../../src/domain/steer-scenario.ts'
import type { SwitchStep } from '../../src/domain/steer-stop.ts'

const NOW = 1_000_000
const corridors = ['TH>CN', 'MY>CN', 'CN>TH', 'TH>MY', 'VN>TH', 'DE>CN'].map(name => {
  const [payerMarket = '', payeeMarket = ''] = name.split('>')
  return { payerMarket, payeeMarket, status: name === 'DE>CN' ? 'closed' : 'open' }
}) as unknown as DirectoryRows['corridors']

const off = (name: string): SwitchStep => ({ kind: 'switch_off', subject: 'corridor', name })
const on = (name: string): SwitchStep => ({ kind: 'switch_on', subject: 'corridor', name })
const row = (name: string, until: number | null): Switch => ({
  ...{ subject: 'corridor', name, reason: 'fraud', until },
})
const back = (name: string, until: number | null): SwitchStep => ({
  kind: 'restore_switch',
  row: row(name, until),
})

// biome-ignore format: a table is read by column
it.each<readonly [name: string, steps: readonly SwitchStep[], switches: readonly Switch[], want: boolean]>([
  ['one of two that come in',             [off('TH>CN')],                                  [],                     false],
  ['both of them',                        [off('TH>CN'), off('MY>CN')],                    [],                     true],
  ['one, where the other is closed',      [off('TH>CN')],                                  [row('MY>CN', null)],   true],
  ['one, where the other was',            [off('TH>CN')],                                  [row('MY>CN', NOW)],    false],
  ['one by putting it back',              [back('TH>CN', NOW + 1)],                        [row('MY>CN', null)],   true],
  ['none by putting back what has ended', [back('TH>CN', NOW)],                            [row('MY>CN', null)],   false],
  ['one, and the other is opened',        [on('MY>CN'), off('TH>CN')],                     [row('MY>CN', null)],   false],
  ['what is closed already, once more',   [off('TH>CN'), off('MY>CN')],  [row('MY>CN', null), row('TH>CN', null)], false],
  ['the only one of a scenario',          [off('CN>TH')],                                  [],                     false],
  ['a family of the same name',           [{ kind: 'switch_off', subject: 'family', name: 'TH>CN' }], [row('MY>CN', null)], false],
])('closing %s', (_, steps, switches, want) => {
  expect(endsScenario(steps, { corridors, switches }, NOW)).toBe(want)
})
