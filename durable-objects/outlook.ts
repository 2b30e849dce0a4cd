/**
 * Outlook: what a lender knows of the directory. While nobody here reaches that, the snapshot in hand grows old; then
 * the center's own sentinel vouches for it, and has a newer one if any other center does. So a limit that begins with
 * each second, or with the day, is lent as ever, by who is surely its root.
 */
import { directoryOf } from '../src/domain/directory.ts'
import type { Sight } from '../src/domain/lending.ts'
import type { Vouch } from '../src/sentinels.ts'
import { within } from './within.ts'

export interface OutlookPorts {
  now(): number
  /** Resolves after `ms`, or never once the signal aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>
  /** The snapshot in hand, of at least this version if that can be had. */
  snapshot(version: number): Promise<Sight>
  /** What the sentinel vouches for, to one who has this version; null where it knows nothing. Throws when it is away. */
  vouch(version: number): Promise<Vouch | null>
}

/** So young a snapshot says enough of the seconds to come; while the directory answers it hardly gets older. */
const YOUNG_MS = 3_500
/** Between two questions to the sentinel: some of its answers say nothing new. */
const AGAIN_MS = 500
/** A payment may wait for this. */
const PATIENCE_MS = 500

export class Outlook {
  readonly #ports: OutlookPorts
  /** The best that the sentinel has vouched for. What was so once stays so: it only becomes old. */
  #vouched: Sight | null = null
  #askedAt = Number.NEGATIVE_INFINITY
  #asking: Promise<void> | null = null

  constructor(ports: OutlookPorts) {
    this.#ports = ports
  }

  /** @param version of at least this one, if that can be had */
  async sight(version: number): Promise<Sight> {
    const held = await this.#ports.snapshot(version)
    const known = this.#best(held)
    if (this.#isEnough(known, version)) return known
    await this.#ask(known)
    return this.#best(held)
  }

  #isEnough({ directory, confirmedAt }: Sight, version: number): boolean {
    return directory.version >= version && this.#ports.now() - confirmedAt < YOUNG_MS
  }

  #best(held: Sight): Sight {
    const vouched = this.#vouched
    if (vouched === null || vouched.directory.version < held.directory.version) return held
    if (vouched.directory.version > held.directory.version) return vouched
    return vouched.confirmedAt > held.confirmedAt ? vouched : held
  }

  /** One question at a time: whoever comes meanwhile waits for its answer. Never rejects. */
  async #ask(known: Sight): Promise<void> {
    if (this.#asking === null && this.#ports.now() - this.#askedAt < AGAIN_MS) return
    this.#asking ??= this.#learn(known).finally(() => {
      this.#asking = null
    })
    await this.#asking
  }

  async #learn({ directory }: Sight): Promise<void> {
    this.#askedAt = this.#ports.now()
    try {
      const asked = this.#ports.vouch(directory.version)
      const vouch = await within(PATIENCE_MS, asked, this.#ports.pause)
      if (vouch === null || vouch.version < directory.version) return
      const seen = vouch.rows === null ? directory : directoryOf(vouch.rows)
      this.#vouched = this.#best({ directory: seen, confirmedAt: vouch.confirmedAt })
    } catch {
      // The snapshot has said in the log that the directory is away; what is known without it is used.
    }
  }
}
