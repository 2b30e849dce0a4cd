/** Mutations of shares: who lends what of a limit to whom, and what of it comes back. Shown in worlds with limits. */
import type { Mutation } from './mutations.ts'

const share = 'src/domain/share.ts'
const lending = 'src/domain/lending.ts'
const effect = 'src/domain/limit-effect.ts'
const purse = 'durable-objects/purse.ts'

const list: readonly Mutation[] = [
  {
    name: 'lends beyond the limit',
    file: share,
    find: 'if (free <= need) return free > 0n ? free : 0n',
    put: 'if (free <= need) return need',
  },
  {
    name: 'lends what it keeps for the other centers',
    file: lending,
    find: 'return value - kept * BigInt(standbys.length) - out',
    put: 'return value - out',
  },
  {
    name: 'takes for free what lanes hold and have not spent',
    file: lending,
    find: 'maxOf(lent(loan), -kept) : lent(loan)',
    put: 'maxOf(lent(loan), -kept) : loan.used',
  },
  {
    name: 'forgets what it has lent when it starts anew',
    file: 'durable-objects/loans.ts',
    find: "'SELECT * FROM loan')",
    put: "'SELECT * FROM loan WHERE false')",
  },
  {
    name: 'counts what comes back as often as it is told',
    file: share,
    find: 'returned: report.returned > loan.returned ? report.returned : loan.returned',
    put: 'returned: loan.returned + report.returned',
  },
  {
    name: 'spends a share after its end',
    file: share,
    find: 'now < share.expiresAt - SHARE_MARGIN_MS ? unspent(share) : 0n',
    put: 'unspent(share)',
  },
  {
    name: 'gives nothing back when a payment is aborted',
    file: effect,
    find: "    case 'aborted':\n    case 'reversed':\n",
    put: "    case 'reversed':\n",
  },
  {
    name: 'gives back twice what an aborted payment has taken',
    file: effect,
    find: "    case 'aborted':\n    case 'reversed':\n      return lasting(limits)",
    put: "    case 'aborted':\n    case 'reversed':\n      return lasting([...limits, ...limits])",
  },
  {
    name: 'forgets what payments have taken when it starts anew',
    file: purse,
    find: 'if (this.#holdings.size > 0) this.#replay()',
    put: '',
  },
  {
    name: 'opens a payment with less than it takes',
    file: purse,
    find: 'if (short.length > 0) return short',
    put: 'if (short.length > 1) return short',
  },
  {
    name: 'tells of what it gives back before that is durable',
    file: purse,
    find: '    this.#keep()\n    return this.reports(limits)',
    put: '    return this.reports(limits)',
  },
  {
    name: 'goes on spending what was called back',
    file: purse,
    find: 'for (const limit of limits) this.#change(limit, share => ({ ...share, expiresAt: 0 }))',
    put: 'return this.reports(limits)',
  },
  {
    name: 'opens by a directory from before the recall',
    file: purse,
    find: 'version < (this.#versions.get(limitPlace(limit).institution) ?? 0)',
    put: 'version < 0',
  },
  {
    name: 'lends by a directory from before the recall',
    file: 'durable-objects/recalling.ts',
    find: "if (version > known) this.#loans.setMark('version', version)",
    put: 'if (version === known) return 0',
  },
  {
    name: 'takes a lowered limit for covered in every center',
    file: lending,
    find: 'isLowered: past.some((each, index) => isLess(each, past[index + 1]))',
    put: 'isLowered: past.length < 0 && past.some((each, index) => isLess(each, past[index + 1]))',
  },
  {
    name: 'tells again and again how a day that is over has ended',
    file: purse,
    find: 'this.told(told)',
    put: 'this.told(told.filter(({ limit }) => grants.some(each => each.limit === limit)))',
  },
  {
    name: 'lends a second that it has forgotten',
    file: 'durable-objects/pacing.ts',
    find: 'const KEPT_S = 2 * (CLOCKS_S + 1)',
    put: 'const KEPT_S = 1',
  },
  {
    name: 'counts a payment for its wallet only',
    file: 'src/domain/limit-take.ts',
    find: 'for (const side of sides) {',
    put: 'for (const side of sides.slice(0, 1)) {',
  },
  {
    name: 'lets one payment be more than one may be',
    file: 'src/domain/limit-take.ts',
    find: 'single_max: (minor, value) => minor > value',
    put: 'single_max: (minor, value) => minor > 10n * value',
  },
  {
    name: 'keeps the cover of refunds that have ended',
    file: effect,
    find: 'const cover = refund.limits ?? []',
    put: 'const cover = refund.limits === undefined ? [] : []',
  },
  {
    name: 'refuses for a minute because nothing was left a moment ago',
    file: 'durable-objects/gathering.ts',
    find: 'const DRY_MS = 1_000',
    put: 'const DRY_MS = 60_000',
  },
  {
    name: 'forgets what lanes have used that rest',
    file: 'durable-objects/loans.ts',
    find: 'this.lend(limit, RESTED, withLoan(this.loan(limit, RESTED), loan, 1n))',
    put: '',
  },
  {
    name: 'takes a limit that comes after none for no less',
    file: lending,
    find: 'before.value === null || value < before.value',
    put: 'before.value !== null ? value < before.value : false',
  },
]

export const ofLimits: readonly Mutation[] = list.map(each => ({ ...each, limits: true }))
