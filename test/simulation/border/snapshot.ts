/** Stands for `src/snapshot.ts`: every isolate's snapshot is the directory as it was up to five seconds ago. */
import type { Directory } from '../../../src/domain/directory.ts'
import { stage } from '../stage.ts'

interface Held {
  readonly directory: Directory
  readonly confirmedAt: number
}

/** Made once: it is asked with every batch of a queue. */
const AWAY = new Error('the directory is away')

/** A directory that somebody may not have reached for longer. */
interface Sources {
  readonly DIRECTORY?: { readonly seenAt?: number }
}

export const snapshotOf = ({ DIRECTORY = {} }: Sources = {}) => ({
  /** For monitors only, and nothing of a payment depends on those. */
  get: (): Promise<never> => Promise.reject(AWAY),
  held: (): Promise<Held> => Promise.resolve(stage().held(undefined, DIRECTORY.seenAt)),
  renewed: (): Promise<Held> => Promise.resolve(stage().held(0, DIRECTORY.seenAt)),
})
