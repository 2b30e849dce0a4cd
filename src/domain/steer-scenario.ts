/** To close the last corridors of a scenario is to stop the scenario, however it is called. */
import { scenarioOf } from './corridor.ts'
import type { DirectoryRows } from './directory.ts'
import { type SwitchStep, stands, switchNameOf } from './steer-stop.ts'

type Rows = Pick<DirectoryRows, 'corridors' | 'switches'>

/** Whether these steps leave no corridor open of a scenario that has several and had one. */
export function endsScenario(steps: readonly SwitchStep[], rows: Rows, now: number): boolean {
  const before = new Set(
    rows.switches.flatMap(row => (row.subject === 'corridor' && stands(row, now) ? row.name : [])),
  )
  const after = new Set(before)
  for (const step of steps) {
    const { subject, name } = switchNameOf(step)
    if (subject !== 'corridor') continue
    const closes =
      step.kind === 'restore_switch' ? stands(step.row, now) : step.kind === 'switch_off'
    if (closes) after.add(name)
    else after.delete(name)
  }
  const open = rows.corridors.filter(({ status }) => status === 'open')
  const scenarios = Map.groupBy(open, row => scenarioOf(row.payerMarket, row.payeeMarket))
  return [...scenarios.values()].some(corridors => {
    const names = corridors.map(({ payerMarket, payeeMarket }) => `${payerMarket}>${payeeMarket}`)
    const isStopped = (off: ReadonlySet<string>) => names.every(name => off.has(name))
    return names.length > 1 && isStopped(after) && !isStopped(before)
  })
}
