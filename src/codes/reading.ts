/**
 * The one place where readings are made, so that every kind of code has the same fields in the same
 * order.
 */
import type {
  Account,
  CodeError,
  CodeErrorCode,
  CodeKind,
  CodeNode,
  CodeReading,
  CodeWarning,
  FamilyReading,
  PayeeProxy,
  Tip,
} from './code.ts'
import type { Family } from './families/row.ts'

/** A family reading in the making. */
export interface FamilyDraft {
  readonly row: Family
  readonly fields: Record<string, string>
  proxy: PayeeProxy | null
}

/** Builds the tree of a reading from its payload. */
export type Grow = (payload: string, draft: Draft) => readonly CodeNode[]

/** A reading in the making. Readers fill it in and never look at another's. */
export class Draft implements CodeReading {
  valid = false
  readonly errors: CodeError[] = []
  readonly warnings: CodeWarning[] = []
  payable = false
  kind: CodeKind
  presentment: 'merchant' | 'consumer' | null = null
  families: FamilyReading[] = []
  initiation: 'static' | 'dynamic' | null = null
  country: string | null = null
  currency: string | null = null
  amount: string | null = null
  amountMinor: bigint | null = null
  merchantName: string | null = null
  merchantNameLocal: string | null = null
  merchantCity: string | null = null
  merchantCityLocal: string | null = null
  language: string | null = null
  mcc: string | null = null
  postalCode: string | null = null
  tip: Tip | null = null
  additionalData: Readonly<Record<string, string>> = noData
  proxy: PayeeProxy | null = null
  accounts: Account[] = []
  expiresAtMs: number | null = null
  /** Private, so that a reading that is logged or sent does not carry the payload. */
  #grow: Grow | null = null
  #payload = ''
  /** What the best family says of itself. */
  #asksForMoney = true

  constructor(kind: CodeKind) {
    this.kind = kind
  }

  /** On the prototype: a reading can be compared, spread and sent without building the tree. */
  get tree(): readonly CodeNode[] {
    return this.#grow === null ? [] : this.#grow(this.#payload, this)
  }

  growsFrom(payload: string, grow: Grow): void {
    this.#payload = payload
    this.#grow = grow
  }

  /** Adds a family after those already there. */
  addFamily(
    { id, payable }: Family,
    fields: Readonly<Record<string, string>>,
    institutionKey: string | null,
    proxy: PayeeProxy | null = null,
  ): void {
    if (this.families.length === 0) this.#asksForMoney = payable
    this.families.push({ id, institutionKey, fields, proxy })
    this.proxy ??= proxy
  }

  /** The verdict, when everything was looked at. */
  settle(): this {
    this.valid = this.errors.length === 0
    this.payable = this.valid && this.#asksForMoney
    return this
  }

  refuse(code: CodeErrorCode, at?: number): void {
    this.errors.push(at === undefined ? { code } : { code, at })
  }

  warn(code: CodeWarning): void {
    if (!this.warnings.includes(code)) this.warnings.push(code)
  }
}

const noData: Readonly<Record<string, string>> = Object.freeze({})
