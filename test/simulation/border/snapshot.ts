/** Stands for `src/snapshot.ts`: every isolate's snapshot is the directory as it was up to five seconds ago. */
import type { Directory } from '../../../src/domain/directory.ts'
import { stage } from '../stage.ts'

export const snapshotOf = () => ({
  get: (): Promise<Directory> => Promise.resolve(stage().directory()),
})
