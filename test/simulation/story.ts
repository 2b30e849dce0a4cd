/** What happened, in lines that a person reads. */
import { faultKinds, stretchKinds } from './faults.ts'

interface Line {
  readonly fault?: string
  readonly broken?: string
  readonly says?: string
  readonly became?: string
  readonly to?: string
  readonly path?: string
  readonly from?: string
  readonly asks?: string
  readonly hears?: string
  readonly lane?: string
  readonly killed?: string
  readonly edge?: string
  readonly person?: string
  readonly payment?: unknown
}

/** One line of a story; null for what only machines want to know. */
export function told(atMs: number, line: object): string | null {
  const says = sentence(line)
  return says === null ? null : `${(atMs / 1_000).toFixed(3).padStart(9)} s  ${says}`
}

function sentence(line: Line): string | null {
  const { payment } = line
  if (line.fault !== undefined) return `    ! ${line.fault}: ${faultSays(line.fault)}`
  if (line.broken !== undefined) return `BROKEN ${line.broken}: ${line.says}`
  if (line.became !== undefined) return `payment ${payment}: ${line.became}`
  if (line.path !== undefined) return `payment ${payment}: the gateway asks ${line.to}${line.path}`
  if (line.asks !== undefined) return `payment ${payment}: ${line.from} asks (${line.asks})`
  if (line.hears !== undefined) return `payment ${payment}: ${line.from} hears ${line.hears}`
  if (line.person !== undefined) return `payment ${payment}: its payer's year is to ${line.person}`
  if (line.killed !== undefined) return `lane ${line.lane} is killed ${line.killed}`
  if (line.edge !== undefined) return `the edge fails: ${line.edge}`
  return null
}

function faultSays(id: string): string {
  const kind = id.slice(0, id.lastIndexOf(' '))
  const kinds: Readonly<Record<string, { says: string }>> = { ...faultKinds, ...stretchKinds }
  return kinds[kind]?.says ?? ''
}
