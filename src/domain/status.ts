/** The statuses of a payment, and the only moves between them. */

export type Status =
  | 'pending'
  | 'awaiting_user'
  | 'in_doubt'
  | 'deemed'
  | 'committed'
  | 'aborted'
  | 'reversed'

export type Move =
  | 'accept'
  | 'refuse'
  | 'lose'
  | 'ask_user'
  | 'deem'
  | 'expire'
  | 'cancel'
  | 'reverse'

/** The whole life of a payment's status. A move that is not written here changes no decision. */
// biome-ignore format: a table is read by column
export const moves = {
  accept:   { from: ['pending', 'in_doubt', 'awaiting_user', 'deemed'], to: 'committed'     },
  refuse:   { from: ['pending', 'in_doubt', 'awaiting_user', 'deemed'], to: 'aborted'       },
  // Only a wallet has a user to wait for, so this move is made in CPM alone.
  ask_user: { from: ['pending', 'in_doubt'],                            to: 'awaiting_user' },
  // Silence is never a failure: the responder may have accepted although it did not answer.
  lose:     { from: ['pending'],                                        to: 'in_doubt'      },
  // A single-phase switch that stays silent may have credited the merchant, and could not take it back.
  deem:     { from: ['pending', 'in_doubt'],                            to: 'deemed'        },
  // Only the deadline ends a doubt without an answer, and the void that follows makes it true.
  expire:   { from: ['pending', 'in_doubt', 'awaiting_user', 'deemed'], to: 'aborted'       },
  cancel:   { from: ['pending', 'in_doubt', 'awaiting_user'],           to: 'aborted'       },
  // Full, before the cut, and never of a payment of which a part has gone back already.
  reverse:  { from: ['committed'],                                      to: 'reversed'      },
} as const satisfies Record<Move, { from: readonly Status[]; to: Status }>

export const may = (status: Status, move: Move): boolean =>
  (moves[move].from as readonly Status[]).includes(status)

/** Decided: nothing that time or a responder does changes it any more. */
export const isFinal = (status: Status): boolean =>
  status === 'committed' || status === 'aborted' || status === 'reversed'
