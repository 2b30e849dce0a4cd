/**
 * Mutations of epochs that are written while people pay: who may open what, and how long one is sure. Shown in worlds with
 * limits. When centers may vote and grant time is shown by the tests of `domain/vigil`: here each of them errs behind others.
 */
import type { Mutation } from './mutations.ts'

const epoch = 'src/domain/epoch.ts'

const list: readonly Mutation[] = [
  {
    name: 'opens although another epoch may be in force',
    file: epoch,
    find: "return requestedAt < confirmedAt + SURE_MS ? 'in_force' : 'unsure'",
    put: "return confirmedAt > 0 ? 'in_force' : 'unsure'",
  },
  {
    name: 'opens what was requested after the end of an epoch',
    file: epoch,
    find: "return requestedAt < until ? 'in_force' : 'over'",
    put: "return 'in_force'",
  },
  {
    name: 'forgets that an epoch has an end',
    file: epoch,
    find: 'until: one?.until ?? other.until,',
    put: 'until: other.until,',
  },
  {
    name: 'believes for longer than the notice of an epoch',
    file: epoch,
    find: 'export const SURE_MS = EPOCH_NOTICE_MS - CLOCK_SKEW_MS',
    put: 'export const SURE_MS = 3 * EPOCH_NOTICE_MS',
  },
  {
    name: 'takes itself for the root by an old directory',
    file: 'src/domain/lending.ts',
    find: "return isSure ? 'home' : 'unsure'",
    put: "return isSure ? 'home' : 'home'",
  },
  {
    name: 'moves the root of a period with its lanes',
    file: 'src/domain/lending.ts',
    find: 'const home = homeOf(id, sureFrom, directory)',
    put: 'const home = homeOf(id, now, directory)',
  },
]

export const ofCenters: readonly Mutation[] = list.map(each => ({ ...each, limits: true }))
