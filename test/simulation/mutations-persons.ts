/** Mutations of allowances: what a person's payments take of them, and what comes back. Shown in worlds with limits. */
import type { Mutation } from './mutations.ts'

const allowances = 'durable-objects/allowances.ts'
const taking = 'src/domain/allowance-take.ts'
const flow = 'src/flows/allowance.ts'

const list: readonly Mutation[] = [
  {
    name: 'keeps of an allowance what an aborted payment took',
    file: 'src/domain/allowance-left.ts',
    find: "const came = status !== 'aborted' && status !== 'reversed'",
    put: "const came = status !== 'reversed'",
  },
  {
    name: 'forgets to give an allowance back',
    file: 'src/domain/duty.ts',
    find: "allowance === undefined ? [] : [own('free_allowance', at)]",
    put: 'allowance === undefined || at > 0 ? [] : []',
  },
  {
    name: 'counts a payment as often as it is sent',
    file: allowances,
    find: 'const more = Math.max(Number(minor) - counted, 0)',
    put: 'const more = Number(minor) + counted * 0',
  },
  {
    name: 'never follows up what was taken for nothing',
    file: allowances,
    find: 'WHERE ask_at IS NOT NULL AND ask_at <= ?',
    put: 'WHERE ask_at IS NULL AND ask_at <= ?',
  },
  {
    name: 'takes a payment that its lane has opened for none',
    file: 'durable-objects/lane.ts',
    find: 'if (payment?.allowance === undefined) return null',
    put: "if (payment?.allowance === undefined || payment.status === 'committed') return null",
  },
  {
    name: 'drops with one claim those of every other attempt',
    file: allowances,
    find: 'WHERE payment = ? AND claim = ? AND ask_at',
    put: 'WHERE payment = ? AND claim <> -? AND ask_at',
  },
  {
    name: 'lets a person pay a little more than the allowance',
    file: allowances,
    find: 'BigInt(this.#taken(whose) + more) > cap',
    put: 'BigInt(this.#taken(whose)) > cap',
  },
  {
    name: 'has a person anew in each wallet',
    file: taking,
    find: 'personCenter(token, ids)',
    put: 'personCenter(token + wallet.id, ids)',
  },
  {
    name: 'begins the year of every market with that of London',
    file: taking,
    find: 'const year = yearAt(now, acquirer.zone)',
    put: "const year = yearAt(now, 'Europe/London')",
  },
  {
    name: 'asks for the money although the person may not pay it',
    file: 'src/flows/open.ts',
    find: 'const refused = spent && claimed && notAllowed(claimed, spent.allowance)',
    put: 'const refused = spent && claimed && notAllowed({ claim: 0 }, spent.allowance)',
  },
  {
    name: 'takes no answer of a person for a yes',
    file: flow,
    find: "(claimed === 'unknown' && goesOn)",
    put: "(claimed === 'unknown' && !goesOn)",
  },
  {
    name: 'forgets to count what went on uncounted',
    file: 'src/domain/duty.ts',
    find: "if (payment.allowance?.goesOn) duties.push(own('count_allowance', at))",
    put: '',
  },
]

export const ofPersons: readonly Mutation[] = list.map(each => ({ ...each, limits: true }))
