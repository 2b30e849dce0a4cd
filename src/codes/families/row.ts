/**
 * The shape of a row of the table of families. A row says how a family is recognised, what its
 * fields are called, which part names the institution, and which rules hold; readers and writers
 * only read rows.
 */
import type { CodeKind, ProxyType } from '../code.ts'
import type { LinkReaderName } from '../links.ts'
import type { RuleName } from '../rules.ts'
import type { ShapeName } from '../shapes.ts'
import type { TextReaderName } from '../texts.ts'

export interface Family {
  readonly id: string
  readonly name: string
  readonly kind: CodeKind
  readonly presentment: 'merchant' | 'consumer'
  /** ISO 3166-1 alpha-2; null when the family is at home in several. */
  readonly market: string | null
  /**
   * ISO 4217; empty when the family does not fix it. One entry is also what an unstated currency
   * means.
   */
  readonly currencies: readonly string[]
  /**
   * Best first when a code carries several: national scheme, wallet or aggregator, card network.
   */
  readonly rank: 'national' | 'wallet' | 'network' | 'generic'
  /** False for what is recognised and still no payment. */
  readonly payable: boolean
  /** The scheme writes codes without category, name and city of the merchant. */
  readonly anonymous: boolean
  /** Field 00 as the scheme writes it. */
  readonly format: '01' | '02'
  /** How an EMVCo merchant code shows the family; the first is the one that is written. */
  readonly marks: readonly Mark[]
  /** Application identifiers (tag 4F, hexadecimal) of consumer codes; a prefix is enough. */
  readonly aids: readonly string[]
  /** Numeric consumer codes: first digits and the lengths they come in. */
  readonly numbers: readonly NumberRange[]
  /** Links: scheme or host, and path. */
  readonly links: readonly Link[]
  readonly texts: readonly TextHead[]
  /** The field whose value names the institution. */
  readonly key: KeyRule | null
  readonly rules: readonly RuleName[]
  /** Where the facts come from. */
  readonly source: string
}

/**
 * One account template (or bare field) by which a family is recognised in an EMVCo merchant code.
 */
export interface Mark {
  /**
   * First and last id it is seen under; the first is written. A globally unique identifier beats
   * the place.
   */
  readonly tags: readonly [number, number]
  /** Upper case; compared without case. */
  readonly guid?: string
  /** The identifier in the letters its scheme writes, when not in capitals. */
  readonly written?: string
  /** Field 58, for marks that prove nothing by themselves. */
  readonly country?: string
  /** Sub-fields that must look like this. */
  readonly when?: Readonly<Record<string, ShapeName>>
  /** The whole value, for fields that are no template. */
  readonly bare?: ShapeName
  readonly presentment?: 'consumer'
  readonly fields: Readonly<Record<string, FieldRule>>
}

export interface FieldRule {
  /** `01` in the template, `01.00` one level deeper, `/62.07` from the root. */
  readonly path: string
  /** What is written must look like this; what is read may differ. */
  readonly shape?: ShapeName
  readonly proxy?: ProxyType
  /** Written codes must have it. */
  readonly required?: true
}

export interface KeyRule {
  readonly field: string
  /** Leading characters that are the key. */
  readonly take?: number
  /** The key is what follows the last of these. */
  readonly after?: string
}

export interface NumberRange {
  readonly prefix: string
  readonly lengths: readonly [number, number]
}

export interface Link {
  /** Lower case; `https` stands for `http` too, because printed links say either. */
  readonly scheme: string
  /** Lower case and exact: a host that only looks like the owner's is nobody's. */
  readonly host?: string
  /** The path begins with this, without case. */
  readonly path?: string
  /** Who reads the rest. */
  readonly read: LinkReaderName
  readonly market?: string
  readonly currency?: string
}

/** A text code, by its first characters. */
export interface TextHead {
  readonly starts: string
  readonly read: TextReaderName
}

const nothing = {
  kind: 'mpm-emv',
  presentment: 'merchant',
  market: null,
  currencies: [],
  rank: 'national',
  payable: true,
  anonymous: false,
  format: '01',
  marks: [],
  aids: [],
  numbers: [],
  links: [],
  texts: [],
  key: null,
  rules: [],
} as const

/** A row: what is not said has its usual value. */
export const family = (row: Pick<Family, 'id' | 'name' | 'source'> & Partial<Family>): Family => ({
  ...nothing,
  ...row,
})

/** A field of a row. */
export const at = (
  path: string,
  shape?: ShapeName,
  more?: Pick<FieldRule, 'proxy' | 'required'>,
): FieldRule => (shape === undefined ? { path, ...more } : { path, shape, ...more })

export const must = { required: true } as const
