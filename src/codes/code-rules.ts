/**
 * Code rules: what a wallet needs to tell offline whether a code can be paid through the gateway.
 * Data made from the table of families and the directory's routes; institutions are not named in
 * it.
 */
import type { CodeReading } from './code.ts'
import type { Family, Link, NumberRange } from './families/row.ts'
import { families } from './families.ts'
import { type CodeRoute, keyFits, routingKeys } from './routing.ts'

export interface CodeRules {
  /** Changes if and only if the rules do; also the ETag. */
  readonly version: string
  readonly families: readonly FamilyRule[]
}

/** How a family is known, and which of its codes have a route. */
export interface FamilyRule {
  readonly family: string
  readonly name: string
  readonly presentment: 'merchant' | 'consumer'
  readonly market: string | null
  readonly currencies: readonly string[]
  /** EMVCo account fields: place, identifier, country that must be stated. */
  readonly accounts: readonly {
    readonly tags: readonly [number, number]
    readonly guid: string | null
    readonly country: string | null
  }[]
  readonly aids: readonly string[]
  readonly numbers: readonly NumberRange[]
  readonly links: readonly Pick<Link, 'scheme' | 'host' | 'path'>[]
  readonly texts: readonly string[]
  readonly routes: readonly { readonly market: string | null; readonly key: string }[]
}

/** Only families with a route of an open institution are told. */
export function codeRules(
  routes: readonly CodeRoute[],
  isOpen: (institution: string) => boolean,
): CodeRules {
  const open = routes.filter(route => isOpen(route.institution))
  const rules = families.flatMap(row => {
    const served = servedKeys(open.filter(route => route.family === row.id))
    return row.payable && served.length > 0 ? [ruleOf(row, served)] : []
  })
  return { version: fingerprint(JSON.stringify(rules)), families: rules }
}

export type OfflineVerdict = 'yes' | 'no-route' | 'not-payable' | 'not-valid'

/**
 * Whether the rules have a route for what was read. Limits and suspensions since are told by a
 * quote.
 */
export function payableBy(rules: CodeRules, reading: CodeReading): OfflineVerdict {
  if (!reading.valid) return 'not-valid'
  if (!reading.payable) return 'not-payable'
  const isServed = routingKeys(reading).some(wanted => {
    const rule = rules.families.find(each => each.family === wanted.family)
    return rule?.routes.some(
      ({ market, key }) =>
        (market === null || market === reading.country) && keyFits(key, wanted.key),
    )
  })
  return isServed ? 'yes' : 'no-route'
}

/** Each market and key once, in a fixed order, so that the version depends on nothing else. */
function servedKeys(routes: readonly CodeRoute[]): FamilyRule['routes'] {
  const unique = new Map(
    routes.map(({ market, key }) => [`${market ?? ''} ${key}`, { market, key }]),
  )
  return [...unique.keys()].sort().map(name => unique.get(name) as { market: string; key: string })
}

function ruleOf(row: Family, routes: FamilyRule['routes']): FamilyRule {
  return {
    family: row.id,
    name: row.name,
    presentment: row.presentment,
    market: row.market,
    currencies: row.currencies,
    accounts: row.marks.map(({ tags, guid = null, country = null }) => ({ tags, guid, country })),
    aids: row.aids,
    numbers: row.numbers,
    links: row.links.map(({ scheme, host, path }) => ({
      scheme,
      ...(host === undefined ? {} : { host }),
      ...(path === undefined ? {} : { path }),
    })),
    texts: row.texts.map(({ starts }) => starts),
    routes,
  }
}

/** FNV-1a, twice 32 bits with different beginnings: tells versions apart, protects nothing. */
function fingerprint(text: string): string {
  let first = 0x811c9dc5
  let second = 0x01000193
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    first = Math.imul(first ^ unit, 0x01000193)
    second = Math.imul(second ^ unit, 0x85ebca6b)
  }
  const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0')
  return hex(first) + hex(second)
}
