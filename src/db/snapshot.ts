/**
 * The directory as an isolate holds it: at most 5 s old while D1 answers, and served older while it does not. An
 * isolate that begins while D1 is away begins with what a center has.
 *
 * Workers forbid one request to wait for another one's I/O, so nothing that is pending is ever kept: requests
 * that must wait each ask for themselves, and only finished values are shared.
 */
import { type Directory, type DirectoryRows, directoryOf } from '../domain/directory.ts'
import { Unavailable } from '../domain/unavailable.ts'
import { within } from '../patience.ts'
import { readDirectory, readDirectoryVersion } from './directory.ts'

/** Past this age a request asks for the version behind the back of its own answer. */
export const REFRESH_MS = 3_000
/** Past this age a request asks first, and answers from the old snapshot only if it must. */
export const STALE_MS = 5_000
/** How long D1 may take to refresh a snapshot; a reader has something better to do than wait. */
export const REFRESH_TIMEOUT_MS = 1_000
/** How long it may take to give the first one, without which nothing can be done. */
export const FIRST_TIMEOUT_MS = 5_000

export interface SnapshotPorts {
  version(): Promise<number>
  load(): Promise<DirectoryRows>
  /** What somebody else has of the directory; null where nobody has any of it. */
  elsewhere(): Promise<Known | null>
  log(line: SnapshotLine): void
}

/** The directory as it was at some instant. */
export interface Known {
  readonly rows: DirectoryRows
  readonly confirmedAt: number
}

/** One line when an outage begins and one when it ends. */
export interface SnapshotLine {
  readonly log: 'directory'
  readonly event: 'stale' | 'fresh'
  /** Of the snapshot in hand. */
  readonly version: number
  /** Milliseconds since it was last confirmed. */
  readonly age: number
  readonly reason: string | null
}

type WaitUntil = (work: Promise<unknown>) => void

/** A snapshot, and how old it is. */
export interface Held {
  readonly directory: Directory
  /** The directory was like this at this instant: when the question was asked, not when it was answered. */
  readonly confirmedAt: number
}

export class DirectorySnapshot {
  readonly #ports: SnapshotPorts
  #held: Held | undefined
  /** When the latest refresh began; another may begin once it has had its time. */
  #triedAt = Number.NEGATIVE_INFINITY
  /** Whether the latest refresh failed. */
  #away = false

  constructor(ports: SnapshotPorts) {
    this.#ports = ports
  }

  /** When the directory in hand was last known to be in force, in milliseconds since 1970; null before the first load. */
  get confirmedAt(): number | null {
    return this.#held?.confirmedAt ?? null
  }

  /**
   * The directory.
   *
   * @param now milliseconds since 1970
   * @param waitUntil keeps the request's I/O alive after its answer
   * @throws Unavailable while there is no snapshot at all and D1 gives none
   */
  async get(now: number, waitUntil: WaitUntil): Promise<Directory> {
    return (await this.held(now, waitUntil)).directory
  }

  /** The directory, together with the instant at which it was like this. */
  async held(now: number, waitUntil: WaitUntil): Promise<Held> {
    const held = this.#held
    if (held === undefined) return this.#first(now)
    const age = now - held.confirmedAt
    if (age < REFRESH_MS) return held

    const sinceTried = now - this.#triedAt
    // Only a failure of just now excuses from asking: an isolate may have slept through the end of an outage.
    const waits = age >= STALE_MS && !(this.#away && sinceTried < STALE_MS)
    if (!waits && sinceTried < REFRESH_TIMEOUT_MS) return held

    const work = this.#refresh(now, held)
    waitUntil(work)
    if (waits) await within(REFRESH_TIMEOUT_MS, work).catch(error => this.#fail(now, error))
    return this.#held ?? held
  }

  /** Asks first, however young the snapshot is: somebody has found it wanting. */
  async renewed(now: number, waitUntil: WaitUntil): Promise<Held> {
    const held = this.#held
    if (held === undefined) return this.#first(now)
    const work = this.#refresh(now, held)
    waitUntil(work)
    await within(REFRESH_TIMEOUT_MS, work).catch(error => this.#fail(now, error))
    return this.#held ?? held
  }

  async #first(now: number): Promise<Held> {
    const load = this.#ports.load()
    try {
      return this.#hold(now, directoryOf(await within(REFRESH_TIMEOUT_MS, load)))
    } catch (error) {
      const held = await this.#borrow(now, error)
      if (held !== null) return held
    }
    try {
      return this.#hold(now, directoryOf(await within(FIRST_TIMEOUT_MS - REFRESH_TIMEOUT_MS, load)))
    } catch (error) {
      throw new Unavailable('the directory', error)
    }
  }

  /** Begins with what somebody else has, which is as old as they say; null where there is nothing. Never throws. */
  async #borrow(now: number, why: unknown): Promise<Held | null> {
    const known = await this.#ports.elsewhere().catch(() => null)
    if (known === null) return null
    this.#triedAt = now
    const held = this.#hold(known.confirmedAt, directoryOf(known.rows))
    this.#fail(now, why)
    return held
  }

  /** Asks for the version and loads what moved. Never throws; an answer that comes too late is still good. */
  async #refresh(now: number, held: Held): Promise<void> {
    this.#triedAt = now
    try {
      const version = await this.#ports.version()
      const moved = version !== held.directory.version
      this.#hold(now, moved ? directoryOf(await this.#ports.load()) : held.directory)
    } catch (error) {
      this.#fail(now, error)
    }
  }

  /** Keeps what was asked for last: answers overtake each other. */
  #hold(askedAt: number, directory: Directory): Held {
    const before = this.#held
    if (before !== undefined && before.confirmedAt >= askedAt) return before
    this.#held = { directory, confirmedAt: askedAt }
    if (this.#away) this.#tell('fresh', askedAt - (before?.confirmedAt ?? askedAt), null)
    this.#away = false
    return this.#held
  }

  #fail(askedAt: number, error: unknown) {
    const confirmedAt = this.#held?.confirmedAt ?? askedAt
    if (this.#away || confirmedAt >= askedAt) return
    this.#away = true
    this.#tell('stale', askedAt - confirmedAt, error instanceof Error ? error.message : `${error}`)
  }

  #tell(event: SnapshotLine['event'], age: number, reason: string | null) {
    const version = this.#held?.directory.version ?? 0
    this.#ports.log({ log: 'directory', event, version, age, reason })
  }
}

/** The ports of a snapshot that is kept from D1. */
export const snapshotPorts = (
  db: D1Database,
  log: (line: SnapshotLine) => void,
): Omit<SnapshotPorts, 'elsewhere'> => ({
  version: () => readDirectoryVersion(db),
  load: () => readDirectory(db),
  log,
})
