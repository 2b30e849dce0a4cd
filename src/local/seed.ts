/** Admits the cast of the box to the directory, through the same door by which operators change it. */
import { changeDirectory, readDirectory } from '../db/directory.ts'
import {
  type DirectoryChange,
  putAllowance,
  putCenter,
  putCorridor,
  putEpoch,
  putInstitution,
  putKey,
  putLimit,
  putRate,
  putRoute,
} from '../db/directory-change.ts'
import { CONSUMER_FAMILY } from '../domain/consumer-code.ts'
import { allowances } from '../members/allowances.ts'
import { acquirers, providers, wallets } from '../members/cast.ts'
import { corridors } from '../members/corridors.ts'
import { limits } from '../members/limits.ts'
import { ratesAt } from '../members/rates.ts'
import type { BoxKeys } from './keys.ts'

/** Long past and far ahead: the box is never about when a member joined. */
const EVER = { from: 0, until: Date.UTC(2100, 0, 1) } as const

/** Longer ago than anything that is asked of the box, and not so long that its lanes would be due to roll. */
const JOINED_MS = 2 * 24 * 60 * 60_000

export const centerRows = [
  { number: 1, id: 'hk', locationHint: 'apac-ne' },
  { number: 2, id: 'sg', locationHint: 'apac-se' },
  { number: 3, id: 'fra', locationHint: 'weur' },
] as const

/**
 * @param endpoints base URL by institution
 * @throws when the directory refuses the cast, with every field that it refused
 */
export async function seedDirectory(
  database: D1Database,
  keys: BoxKeys,
  endpoints: Readonly<Record<string, string>>,
): Promise<void> {
  const rows = await readDirectory(database)
  const known = new Map(rows.institutions.map(row => [row.id, row]))
  const settled = Object.entries(endpoints).every(([id, url]) => known.get(id)?.endpoint === url)
  const now = Date.now()
  const aged = rows.rates.some(({ asOf, goodForMs }) => now >= asOf + goodForMs / 2)
  // What operators changed since the box was made is theirs; only addresses and ages differ from start to start.
  if (settled && !aged) return
  const puts =
    known.size === 0
      ? changes(keys, endpoints)
      : [
          ...rows.institutions.map(row =>
            putInstitution({ ...row, endpoint: endpoints[row.id] ?? row.endpoint }),
          ),
          ...rows.rates.map(row => putRate({ ...row, asOf: now })),
        ]
  const terms = { now, sandbox: true }
  const outcome = await changeDirectory(database, rows.version, puts, terms)
  if (!outcome.ok) throw new Error(`the directory refused the cast: ${JSON.stringify(outcome)}`)
}

function changes(keys: BoxKeys, endpoints: Readonly<Record<string, string>>): DirectoryChange[] {
  const cast = [...wallets, ...acquirers, ...providers]
  return [
    // In one process they are lost together or not at all, and a machine that is busy is no loss.
    ...centerRows.map(center => putCenter({ ...center, pinned: true })),
    ...cast.map(({ id, number, name, role, market, currencies, zone, ...rest }) =>
      putInstitution({
        id,
        number,
        name,
        role,
        market,
        currencies,
        zone,
        status: 'active',
        endpoint: endpoints[id] ?? null,
        profile: 'profile' in rest ? rest.profile : null,
        inquiry: 'inquiry' in rest ? rest.inquiry : null,
      }),
    ),
    ...cast.map(({ id, center }) =>
      putEpoch({ institution: id, epoch: 1, from: Date.now() - JOINED_MS, center, lanes: 4 }),
    ),
    ...Object.values(keys.members).map(({ id, institution, algorithm, publicKey }) =>
      putKey({ id, institution, algorithm, publicKey, notBefore: EVER.from, notAfter: EVER.until }),
    ),
    ...acquirers.flatMap(({ routes }) => routes.map(putRoute)),
    ...wallets.flatMap(({ id: institution, codePrefix: key, ownCodes }) => [
      putRoute({ family: CONSUMER_FAMILY, market: null, key, institution, rank: 1 }),
      ...(ownCodes === undefined
        ? []
        : [putRoute({ family: ownCodes, market: null, key: '*', institution, rank: 1 })]),
    ]),
    ...corridors.map(putCorridor),
    ...ratesAt(Date.now()).map(putRate),
    ...limits.map(putLimit),
    ...allowances.map(putAllowance),
  ]
}
