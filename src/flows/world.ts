/** What a flow needs of the world. Everything that is not a decision comes through here, so that it can be simulated. */
import type { ChainedRow, Head } from '../domain/anchor.ts'
import type { CodeRow } from '../domain/consumer-code.ts'
import type { Directory } from '../domain/directory.ts'
import type { KnownEpoch } from '../domain/epoch.ts'
import type { Message, Outcome, Payment } from '../domain/payment.ts'
import type { PaymentPlace } from '../domain/payment-id.ts'
import type { Result } from '../domain/result.ts'
import type { UseThere } from '../domain/share.ts'
import type { Recorded } from '../domain/timeline.ts'
import type { PostPorts } from '../peers/post.ts'
import type { SealKeys } from '../trust/seal.ts'

/** A lane as a flow sees it. Its calls throw when the center cannot be reached. */
export interface LanePort {
  /** @param known the epoch of the lane as the caller knows it, for openings */
  submit(id: string, message: Message, known?: KnownEpoch): Promise<Result<Outcome>>
  /** The payment of a request; null where there is none and the lane may open one. Refusals: LANE_CLOSED, BUSY. */
  seek(id: string, requestedAt: number, known?: KnownEpoch): Promise<Result<Payment | null>>
  read(id: string): Promise<Payment | null>
  wait(id: string, patienceMs: number): Promise<Payment | null>
}

/** The allowances of some persons in one center and year. Its calls throw when the center cannot be reached. */
export interface PersonPort {
  /** Takes of a person's allowance, and gives the number of the claim. Refuses with LIMIT_PERSON. */
  take(wanted: {
    readonly payment: string
    readonly person: string
    readonly pool: string
    readonly minor: bigint
    readonly cap: bigint | null
    readonly askAt: number
  }): Promise<Result<number>>
  /** Nothing was opened by this claim. */
  drop(payment: string, claim: number): Promise<void>
  /** Of a payment no more than this counts from now on. */
  lower(payment: string, minor: bigint): Promise<void>
}

/** The part of a world that grows old. */
export interface Seen {
  readonly directory: Directory
  /** When the directory was last known to be like this, milliseconds since 1970. */
  readonly confirmedAt: number
  lane(center: string, place: PaymentPlace): LanePort
  /** @param name of the object, `2026:a7` */
  person(center: string, name: string): PersonPort
  readonly peers: PostPorts
}

export interface World extends Seen {
  now(): number
  /** The same as it is now, or as it was, where the directory cannot be asked. */
  renewed(): Promise<Seen>
  /** Goes on after the answer has been sent; what it does must be repeatable by a lane's timer. */
  after(work: Promise<unknown>): void
  /** One structured line. */
  log(line: object): void
}

/** The edge can also seal and open quotes; a center cannot. */
export interface EdgeWorld extends World {
  readonly seals: SealKeys
  /** Whether calls in a row found nobody at this center, so that most of them are not even sent. */
  isAway(center: string): boolean
}

/** A codebook as a flow sees it. Its calls throw when the center cannot be reached. */
export interface CodebookPort {
  issue(wanted: {
    readonly requestId: string
    readonly bodyHash: string
    readonly tokens: readonly string[]
    readonly payer: string
    readonly expiresAt: number
  }): Promise<Result<{ readonly tokens: readonly string[]; readonly expiresAt: number }>>
  use(token: string, paymentId: string): Promise<Result<CodeRow>>
}

/** What flows of consumer codes need besides. */
export interface CodeWorld extends World {
  /** @param name number of the wallet and shard, `102:7` */
  codebook(center: string, name: string): CodebookPort
  /** 64 bits that nobody can guess. */
  random(): bigint
}

/** The lender of one institution's limits in one center. Its calls throw when the center cannot be reached. */
export interface LenderPort {
  uses(): Promise<readonly UseThere[]>
  /** Gives how many lanes could not be reached yet. */
  recall(version: number): Promise<number>
}

/** What the flight recorder needs besides. */
export interface RecorderWorld extends World {
  /** What the journal of its lane says of a payment, oldest first. */
  history(center: string, place: PaymentPlace, paymentId: string): Promise<readonly Recorded[]>
  /** A page of a lane's journal as it is stored, after one of its rows. */
  chained(center: string, place: PaymentPlace, after: number): Promise<readonly ChainedRow[]>
  /** The lane's newest row. */
  head(center: string, place: PaymentPlace): Promise<Head>
  /** Tells the lane that the projection has it up to `stored`. Gives its newest `seq`, and whether it believed in more. */
  rewind(
    center: string,
    place: PaymentPlace,
    stored: number,
  ): Promise<{ readonly seq: number; readonly isBack: boolean }>
}
