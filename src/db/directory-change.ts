/**
 * Changes of the directory, as values: what to put and what to drop. Rules judge each one against the directory
 * as the changes before it left it, so an institution and its key can come in one go.
 */

import type { AllowanceRow } from '../domain/allowance.ts'
import type { Corridor } from '../domain/corridor.ts'
import type { Center, CodeRoute, DirectoryRows, Switch } from '../domain/directory.ts'
import type { FxRate } from '../domain/fx.ts'
import type { Epoch, Institution, InstitutionKey } from '../domain/institution.ts'
import type { Limit } from '../domain/limit.ts'
import type { FieldError } from '../domain/refusal.ts'
import { rules } from './directory-rules.ts'

/** Everything the directory holds, by the singular of its name. */
export interface Nouns {
  readonly center: Center
  readonly institution: Institution
  readonly key: InstitutionKey
  readonly epoch: Epoch
  readonly route: CodeRoute
  readonly corridor: Corridor
  readonly rate: FxRate
  readonly switch: Switch
  readonly limit: Limit
  readonly allowance: AllowanceRow
}

export type Noun = keyof Nouns

/** Institutions, centers, keys, epochs and corridors are never dropped: payments that exist speak of them. */
export type DirectoryChange =
  | { readonly [N in Noun]: { readonly put: N; readonly row: Nouns[N] } }[Noun]
  | { readonly drop: 'route'; readonly row: Omit<CodeRoute, 'rank'> }
  | { readonly drop: 'rate'; readonly row: Pick<FxRate, 'provider' | 'base' | 'counter'> }
  | { readonly drop: 'switch'; readonly row: Pick<Switch, 'subject' | 'name'> }
  | { readonly drop: 'limit'; readonly row: Omit<Limit, 'value'> }
  | { readonly drop: 'allowance'; readonly row: Omit<AllowanceRow, 'value'> }

export const putCenter = (row: Center): DirectoryChange => ({ put: 'center', row })
export const putInstitution = (row: Institution): DirectoryChange => ({ put: 'institution', row })
export const putKey = (row: InstitutionKey): DirectoryChange => ({ put: 'key', row })
export const putEpoch = (row: Epoch): DirectoryChange => ({ put: 'epoch', row })
export const putRoute = (row: CodeRoute): DirectoryChange => ({ put: 'route', row })
export const putCorridor = (row: Corridor): DirectoryChange => ({ put: 'corridor', row })
export const putRate = (row: FxRate): DirectoryChange => ({ put: 'rate', row })
export const putSwitch = (row: Switch): DirectoryChange => ({ put: 'switch', row })

export const putAllowance = (row: AllowanceRow): DirectoryChange => ({ put: 'allowance', row })
export const putLimit = (row: Limit): DirectoryChange => ({ put: 'limit', row })

export const dropRoute = (row: Omit<CodeRoute, 'rank'>): DirectoryChange => ({ drop: 'route', row })

export const dropRate = (provider: string, base: string, counter: string): DirectoryChange => ({
  drop: 'rate',
  row: { provider, base, counter },
})

export const liftSwitch = (subject: Switch['subject'], name: string): DirectoryChange => ({
  drop: 'switch',
  row: { subject, name },
})

/** Takes back a limit that was announced and is not in force yet. */
export const dropAllowance = (row: Omit<AllowanceRow, 'value'>): DirectoryChange => ({
  drop: 'allowance',
  row,
})
export const dropLimit = (row: Omit<Limit, 'value'>): DirectoryChange => ({ drop: 'limit', row })

/** The directory while changes are tried on it, each noun by its primary key. */
export type Draft = { readonly [N in Noun]: Map<string, Nouns[N]> } & {
  /** The same epochs by institution: a center that is lost moves thousands at once. */
  readonly epochsOf: Map<string, Epoch[]>
}

/** What the rules need besides the rows. */
export interface ChangeTerms {
  /** Milliseconds since 1970. */
  readonly now: number
  /** Epochs that follow others are written by then or not at all; absent: as long as they have their notice. */
  readonly by?: number
  /** Whether endpoints on loopback are members' too. */
  readonly sandbox: boolean
}

/** The primary key of a row; what a drop names must be enough for it. */
const identities = {
  center: row => row.id,
  institution: row => row.id,
  key: row => row.id,
  epoch: row => `${row.institution} ${row.epoch}`,
  route: row => `${row.family} ${row.market ?? '*'} ${row.institution} ${row.key}`,
  corridor: row => `${row.payerMarket}>${row.payeeMarket}`,
  rate: row => `${row.provider} ${row.base}/${row.counter}`,
  switch: row => `${row.subject} ${row.name}`,
  limit: row => `${row.institution} ${row.scope} ${row.kind} ${row.from}`,
  allowance: row => `${row.corridor} ${row.kind} ${row.from}`,
} as const satisfies { [N in Noun]: (row: Nouns[N]) => string }

const identityOf = (noun: Noun, row: object): string =>
  (identities[noun] as (row: object) => string)(row)

/**
 * What is wrong with these changes, first to last; an empty list means that all may be written.
 * Pointers lead into the list of changes: `/3/row/endpoint`.
 */
export function faultsOf(
  rows: DirectoryRows,
  changes: readonly DirectoryChange[],
  terms: ChangeTerms,
): readonly FieldError[] {
  const draft = draftOf(rows)
  return changes.flatMap((change, place) => {
    if ('drop' in change) {
      draft[change.drop].delete(identityOf(change.drop, change.row))
      // What has been in force was the rule for payments that exist; it ends by the next row.
      const isPast = 'from' in change.row && change.row.from <= terms.now
      return isPast ? [{ pointer: `/${place}/row/from`, says: 'is in force already' }] : []
    }
    const faults = rules(change, draft, terms)
    ;(draft[change.put] as Map<string, object>).set(identityOf(change.put, change.row), change.row)
    if (change.put === 'epoch') keepEpoch(draft, change.row)
    return faults.map(([field, says]) => ({ pointer: `/${place}/row/${field}`, says }))
  })
}

function keepEpoch({ epochsOf }: Draft, row: Epoch) {
  const others = (epochsOf.get(row.institution) ?? []).filter(({ epoch }) => epoch !== row.epoch)
  epochsOf.set(row.institution, [...others, row])
}

function draftOf(rows: DirectoryRows): Draft {
  const by = <N extends Noun>(noun: N, list: readonly Nouns[N][]): Map<string, Nouns[N]> =>
    new Map(list.map(row => [identityOf(noun, row), row]))
  return {
    center: by('center', rows.centers),
    institution: by('institution', rows.institutions),
    key: by('key', rows.keys),
    epoch: by('epoch', rows.epochs),
    route: by('route', rows.routes),
    corridor: by('corridor', rows.corridors),
    rate: by('rate', rows.rates),
    switch: by('switch', rows.switches),
    limit: by('limit', rows.limits ?? []),
    allowance: by('allowance', rows.allowances ?? []),
    epochsOf: Map.groupBy(rows.epochs, ({ institution }) => institution),
  }
}

/** The directory as these changes would leave it; they have been judged before. */
export function rowsAfter(rows: DirectoryRows, changes: readonly DirectoryChange[]): DirectoryRows {
  const draft = draftOf(rows)
  for (const change of changes) {
    const noun = 'drop' in change ? change.drop : change.put
    const list = draft[noun] as Map<string, object>
    if ('drop' in change) list.delete(identityOf(noun, change.row))
    else list.set(identityOf(noun, change.row), change.row)
  }
  return {
    version: rows.version + 1,
    centers: [...draft.center.values()],
    institutions: [...draft.institution.values()],
    keys: [...draft.key.values()],
    epochs: [...draft.epoch.values()],
    routes: [...draft.route.values()],
    corridors: [...draft.corridor.values()],
    rates: [...draft.rate.values()],
    switches: [...draft.switch.values()],
    limits: [...draft.limit.values()],
    allowances: [...draft.allowance.values()],
  }
}
