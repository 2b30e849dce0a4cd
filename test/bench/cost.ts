/** What a process has cost so far, as Linux counts it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** CPU of a process in microseconds, user and system; its kernel's clock ticks a hundred times a second. */
export function cpuMicros(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** The workerds that this process has started. */
export function workerdPids(): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const parent = Number(stat.split(') ')[1]?.split(' ')[1])
        return parent === process.pid && readlinkSync(`/proc/${pid}/exe`).includes('workerd')
      } catch {
        // It ended while we looked.
        return false
      }
    })
}
