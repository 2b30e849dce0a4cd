/** The words for every value that a list of the gateway's own is made of; a value without a word does not compile. */
import type { StaffRole } from '../../domain/access.ts'
import type { AllowanceKind } from '../../domain/allowance.ts'
import type { Action } from '../../domain/audit.ts'
import type { PaymentEvent } from '../../domain/payment.ts'
import type { ResultCode } from '../../domain/refusal.ts'
import type { Status } from '../../domain/status.ts'
import type { LivePayment } from '../../wire/live.ts'
import type { OpenRow } from '../../wire/monitor.ts'

type Of<Values extends string> = Readonly<Record<Values, string>>

export interface Words {
  /** What became of a payment. */
  readonly statuses: Of<Status>
  /** What happened to it, in its timeline, and in the feed. */
  readonly events: Of<PaymentEvent['type']>
  readonly live: Of<LivePayment['event']>
  /** What is not finished, and duties, of which some are the gateway's own. */
  readonly unfinished: Of<OpenRow['kind']>
  readonly parties: Of<'wallet' | 'acquirer' | 'gateway'>
  readonly scenarios: Of<'inbound' | 'outbound' | 'overseas' | 'local'>
  readonly presentments: Of<'mpm' | 'cpm'>
  /** What a result code means, to who watches the network. */
  readonly codes: Of<ResultCode>
  readonly actions: Of<Action>
  readonly roles: Of<StaffRole>
  readonly allowances: Of<AllowanceKind>
  /** What the gateway says of a change that cannot be made, by its own words. */
  readonly faults: Readonly<Record<string, string>>
}

/** The word for a value that may be newer than this page. */
export const wordOf = (words: Readonly<Record<string, string>>, value: string): string =>
  words[value] ?? value
