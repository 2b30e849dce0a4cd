/**
 * How often a disk was told to make everything durable, as Linux counts it for the whole device: so it is true of a
 * load only where nothing else on the machine writes. Known without tracing, which makes slow what it looks at.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

export interface Disk {
  /** So far. */
  flushes(): number
  /** For one sync of one file, as tried out: a file system that keeps a journal may need two. */
  readonly flushesASync: number
}

const PROBES = 20
const known = new Map<number, Disk | null>()

/** The disk that a folder is on; null where there is none, as in memory, or where its counter does not count. */
export function diskOf(folder: string): Disk | null {
  mkdirSync(folder, { recursive: true })
  const { dev } = statSync(folder)
  const disk = known.has(dev) ? known.get(dev) : lookedUp(folder, dev)
  known.set(dev, disk ?? null)
  return disk ?? null
}

function lookedUp(folder: string, dev: number): Disk | null {
  const own = `/sys/dev/block/${majorOf(dev)}:${minorOf(dev)}`
  // Flushes of a partition are counted for the whole device.
  const path = join(existsSync(join(own, 'partition')) ? `${own}/..` : own, 'stat')
  if (!existsSync(path)) return null
  const flushes = () => flushesIn(readFileSync(path, 'utf8'))
  const flushesASync = probe(folder, flushes)
  return flushesASync >= 1 ? { flushes, flushesASync } : null
}

/** The numbers of a device as Linux packs them into one. */
const majorOf = (dev: number): number => (dev >>> 8) & 0xfff
const minorOf = (dev: number): number => (dev & 0xff) | ((dev >>> 12) & 0xfff00)

/** @param stat a device's `stat` file: its sixteenth number, since Linux 5.5; 0 where there are fewer */
export const flushesIn = (stat: string): number => Number(stat.trim().split(/\s+/)[15] ?? 0)

function probe(folder: string, flushes: () => number): number {
  const name = join(folder, 'probe')
  const file = openSync(name, 'w')
  const before = flushes()
  for (let round = 0; round < PROBES; round += 1) {
    writeSync(file, 'x')
    fsyncSync(file)
  }
  const counted = flushes() - before
  closeSync(file)
  rmSync(name)
  return counted / PROBES
}
