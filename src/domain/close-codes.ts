/** Why a monitor closes a live socket. The console needs them, too. */
export const closeCodes = {
  /** More than 30 seconds behind. */
  slow: 4008,
  /** More watchers than one monitor takes. */
  full: 4013,
  /** What was sent is no word of a watcher. */
  garbled: 4000,
  /** The right to watch has ended, because whoever signed in did so long ago. */
  over: 4001,
} as const
