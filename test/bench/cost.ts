/** What a process has cost so far, as Linux counts it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** CPU of a process in microseconds, user and system; its kernel's clock ticks a hundred times a second. */
export function cpuMicros(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** The workerds that this process or one that it started has started. */
export function workerdPids(): number[] {
  const pids = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
  const ours = new Set([process.pid, ...pids.filter(pid => parentOf(pid) === process.pid)])
  return pids.filter(pid => ours.has(parentOf(pid)) && isWorkerd(pid))
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.split(') ')[1]?.split(' ')[1])
  } catch {
    // It ended while we looked.
    return 0
  }
}

function isWorkerd(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`).includes('workerd')
  } catch {
    return false
  }
}
