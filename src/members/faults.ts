/** Faults on demand: what a member does wrong, at which question, and how many times. */
import { type Question, questionAt } from '../sdk/index.ts'

/** What each fault does, and what may be said with it. */
// biome-ignore format: a table is read by column
export const faultKinds = {
  'silent':      { takes: null,       says: 'does nothing and never answers' },
  'slow':        { takes: 'duration', says: 'waits, then does the work and answers' },
  'late':        { takes: 'duration', says: 'does the work, and answers after a wait' },
  'refuse':      { takes: 'code',     says: 'refuses, with DECLINED or the given code' },
  'error':       { takes: null,       says: 'answers 500 without doing the work' },
  'garbage':     { takes: null,       says: 'signs an answer that means nothing' },
  'forged':      { takes: null,       says: "does the work, and signs the answer with a stranger's key" },
  'drop-answer': { takes: null,       says: 'does the work, then cuts the connection' },
  'flip':        { takes: null,       says: 'answers truly and falsely by turns' },
  'down':        { takes: null,       says: 'refuses connections until the fault is lifted' },
} as const
export type FaultName = keyof typeof faultKinds

const paths = [
  'order',
  'accept',
  'authorize',
  'inquire',
  'cancel',
  'refund',
  'notice',
] as const satisfies Question[]

export interface Fault {
  readonly name: FaultName
  /** Null for every question. */
  readonly path: Question | null
  readonly durationMs: number | null
  readonly code: string | null
  /** How many calls it is still for; null until it is lifted. */
  readonly left: number | null
}

/**
 * Reads `<name> [duration | code] [path] [x<times>]`, words in any order after the name:
 * `slow 10s`, `refuse RISK_REJECT accept x1`, `drop-answer accept x3`.
 * Gives the fault, or a sentence about what is wrong.
 */
export function readFault(text: string): Fault | string {
  const [name = '', ...words] = text.trim().split(/\s+/)
  if (!isFaultName(name)) {
    return `"${name}" is no fault; there are ${Object.keys(faultKinds).join(', ')}`
  }
  const fault = { name, path: null, durationMs: null, code: null, left: null } as Fault
  const read = words.reduce<Fault | string>(
    (sofar, word) => (typeof sofar === 'string' ? sofar : withWord(sofar, word)),
    fault,
  )
  if (typeof read === 'string') return read
  const { takes } = faultKinds[name]
  if (takes === 'duration' && read.durationMs === null) return `${name} needs a duration, e.g. 10s`
  if (takes !== 'duration' && read.durationMs !== null) return `${name} takes no duration`
  if (takes !== 'code' && read.code !== null) return `${name} takes no code`
  if (name === 'down' && (read.path !== null || read.left !== null)) {
    return 'down is for every call until it is lifted'
  }
  return read
}

function withWord(fault: Fault, word: string): Fault | string {
  const path = paths.find(known => known === word)
  if (path !== undefined) return { ...fault, path }
  const duration = /^(\d{1,6})(ms|s|m)$/.exec(word)
  if (duration !== null) {
    const unitMs = { ms: 1, s: 1_000, m: 60_000 }[duration[2] as 'ms' | 's' | 'm']
    return { ...fault, durationMs: Number(duration[1]) * unitMs }
  }
  const times = /^x([1-9]\d{0,5})$/.exec(word)
  if (times !== null) return { ...fault, left: Number(times[1]) }
  if (/^[A-Z][A-Z_]{0,63}$/.test(word)) return { ...fault, code: word }
  return `"${word}" is no duration (10s), no code (DECLINED), no path (${paths.join(', ')}) and no count (x3)`
}

const isFaultName = (text: string): text is FaultName => Object.hasOwn(faultKinds, text)

export interface Faults {
  /** In force when it resolves. Throws for words that are no fault. */
  add(text: string): Promise<Fault>
  list(): readonly Fault[]
  clear(): Promise<void>
  /** The fault for a call to this address, counted down; null when the member behaves. The oldest wins. */
  take(path: string): Fault | null
}

/** @param changed hears whether the member must refuse connections now */
export function createFaults(changed: (down: boolean) => Promise<void>): Faults {
  let faults: readonly Fault[] = []
  const become = async (next: readonly Fault[]) => {
    faults = next
    await changed(faults.some(({ name }) => name === 'down'))
  }
  return {
    async add(text) {
      const fault = readFault(text)
      if (typeof fault === 'string') throw new Error(fault)
      await become([...faults, fault])
      return fault
    },
    list: () => faults,
    clear: () => become([]),
    take(path) {
      const question = questionAt(path)
      const fault = faults.find(each => each.path === null || each.path === question)
      if (fault === undefined) return null
      if (fault.left !== null) {
        const rest = { ...fault, left: fault.left - 1 }
        faults = faults.flatMap(each => (each !== fault ? each : rest.left === 0 ? [] : rest))
      }
      return fault
    },
  }
}
