/** Members of the network: who they are, which keys are theirs, and where their lanes live. */

export type Role = 'wallet' | 'acquirer' | 'scheme' | 'provider'

export interface Institution {
  /** Chosen at admission, e.g. `wallet-th`: 3 to 32 of a-z, 0-9 and hyphen. */
  readonly id: string
  /** 1 to 16 777 215; goes into payment ids, so it is never used again. */
  readonly number: number
  readonly name: string
  readonly role: Role
  /** ISO 3166-1 alpha-2. */
  readonly market: string
  /** ISO 4217 codes it pays or is paid in; the first is its own. */
  readonly currencies: readonly string[]
  /** IANA time zone in which its days begin. */
  readonly zone: string
  readonly status: 'active' | 'suspended'
  /** Base URL of its endpoints, without a trailing slash; null for one that is never called. */
  readonly endpoint: string | null
  /**
   * How it moves money. Wallets: `hold` sets it aside first, `debit` takes it at once and returns it. Acquirers:
   * `two_phase` accepts and delivers on the commit, `single_phase` credits at once and cannot undo. Null: the first.
   */
  readonly profile?: 'hold' | 'debit' | 'two_phase' | 'single_phase' | null
  /**
   * When an acquirer is asked what a code stands for: always, or only where the code itself does not say it. One that
   * chose `unsaid` meets a payment first when it is asked to accept it, with the account in the code as merchant. Null: always.
   */
  readonly inquiry?: 'always' | 'unsaid' | null
  /** The largest refund that its cover carries, minor units of its own currency; null for no such bound. */
  readonly refundCoverMinor?: bigint | null
}

export type SignatureAlgorithm = 'ed25519' | 'ecdsa-p256-sha256'

export interface InstitutionKey {
  /** The `keyid` of its signatures, unique in the network. */
  readonly id: string
  readonly institution: string
  readonly algorithm: SignatureAlgorithm
  /** SubjectPublicKeyInfo (RFC 5280), base64. */
  readonly publicKey: string
  /** Milliseconds since 1970; valid from `notBefore` inclusive to `notAfter` exclusive. */
  readonly notBefore: number
  readonly notAfter: number
}

/** The period in which an institution's lanes have a given center and count. */
export interface Epoch {
  readonly institution: string
  /** 1 to 65 535, rising. */
  readonly epoch: number
  /** In force for everything requested at or after this instant, until the next one. */
  readonly from: number
  readonly center: string
  /** How many lanes: 1 to 64. */
  readonly lanes: number
  /** The center in whose stead this one serves, and to which the lanes go back; null for none. */
  readonly home?: string | null
}

/** A key counts only for its owner and inside its validity; overlap of two keys is how they rotate. */
export const keyIsValid = (key: InstitutionKey, institution: string, now: number): boolean =>
  key.institution === institution && now >= key.notBefore && now < key.notAfter
