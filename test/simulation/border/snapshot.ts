/** Stands for `src/snapshot.ts`: every isolate's snapshot is the directory as it was up to five seconds ago. */
import type { Directory } from '../../../src/domain/directory.ts'
import { stage } from '../stage.ts'

interface Held {
  readonly directory: Directory
  readonly confirmedAt: number
}

export const snapshotOf = () => ({
  held: (): Promise<Held> => Promise.resolve(stage().held()),
  renewed: (): Promise<Held> => Promise.resolve(stage().held(0)),
})
