/**
 * What a monitor is told of a run: the facts of its payments and what happened to them, without what nobody watches.
 * Made by the queue's consumer, so that the one object which watches a whole center does not have to.
 */
import type { Directory } from './directory.ts'
import type { JournalEntry, LaneBatch } from './lane-batch.ts'
import type { Payment, PaymentEvent } from './payment.ts'
import { acquirerOf, QUOTE_LIFE_MS, type Terms, walletOf } from './quote.ts'
import { isEnded } from './refund.ts'
import type { ResultCode } from './refusal.ts'
import { isFinal } from './status.ts'
import { valuer } from './window-value.ts'

/** What people watch for, and what the journal calls it. `delivered`: a duty was acknowledged. */
const watched = {
  opened: 'opened',
  user_asked: 'user_asked',
  doubted: 'doubted',
  deemed: 'deemed',
  committed: 'committed',
  aborted: 'aborted',
  reversed: 'reversed',
  refund_queued: 'refund_queued',
  refund_done: 'refunded',
  refund_failed: 'refund_failed',
  refund_unapplied: 'refund_unapplied',
  duty_done: 'delivered',
} as const satisfies Partial<Record<PaymentEvent['type'], string>>

export type What = (typeof watched)[keyof typeof watched]

export interface Sighting {
  /** Of the lane's journal. */
  readonly seq: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly what: What
  /** Of `aborted` and `refund_failed`. */
  readonly code?: ResultCode
  /** Of `delivered`: since when it was owed. */
  readonly since?: number
  /** Place of the payment in the digest. */
  readonly of: number
}

/** Something unfinished: the payment itself, one of its duties, or one of its refunds. */
export interface Unfinished {
  readonly kind: string
  /** Who must act for it to end. */
  readonly institution: string
  readonly since: number
}

/** A payment as a monitor knows it: as it was when its lane told of it. */
export interface Seen {
  readonly id: string
  readonly version: number
  readonly openedAt: number
  readonly quotedAt: number
  readonly wallet: string
  readonly acquirer: string
  readonly responder: string
  readonly corridor: string
  readonly scenario: string
  readonly family: string
  readonly code: ResultCode
  readonly payer: readonly [currency: string, minor: string]
  readonly payee: readonly [currency: string, minor: string]
  /** Fen and cents. */
  readonly cny: number
  readonly usd: number
  readonly payeeMarket: string
  /** `acquirer-th/m-17`. */
  readonly merchant: string
  /** Keyed tokens: the same order, the same payer, and no way back to who it is. Null where unknown. */
  readonly order: string
  readonly person: string | null
  /** The amount as a share of the closest limit for one payment, 0 to 1; null where there is none. */
  readonly limitShare: number | null
  readonly unfinished: readonly Unfinished[]
}

export interface Digest {
  readonly lane: string
  /** First and last `seq` of the run. */
  readonly from: number
  readonly to: number
  readonly payments: readonly Seen[]
  readonly sightings: readonly Sighting[]
}

export interface DigestTerms {
  readonly directory: Directory
  /** The same text gives the same token; nobody outside can tell the text from it. */
  token(text: string): string
}

/** Gives digests of runs, all under one directory. */
export function digester({ directory, token }: DigestTerms): (batch: LaneBatch) => Digest {
  const value = valuer(directory)
  const seen = (payment: Payment): Seen => {
    const { terms, version, openedAt, resultCode } = payment
    const { payer, payee, payerReference = null, merchant } = terms
    const wallet = walletOf(terms)
    const acquirer = acquirerOf(terms)
    const { cny, usd } = value(payee)
    return {
      id: terms.paymentId,
      version,
      openedAt,
      quotedAt: terms.expiresAt - QUOTE_LIFE_MS,
      wallet,
      acquirer,
      responder: terms.responder,
      corridor: `${terms.payerMarket}>${terms.payeeMarket}`,
      scenario: terms.scenario,
      family: terms.family,
      code: resultCode,
      payer: [payer.currency, payer.minor.toString()],
      payee: [payee.currency, payee.minor.toString()],
      cny,
      usd,
      payeeMarket: terms.payeeMarket,
      merchant: `${acquirer}/${merchant.id}`,
      order: token(`order ${acquirer} ${terms.order}`),
      person: payerReference === null ? null : token(`person ${wallet} ${payerReference}`),
      limitShare: limitShare(terms, directory),
      unfinished: unfinishedOf(payment),
    }
  }
  return ({ lane, from, to, entries, payments }) => {
    const places = new Map(payments.map(({ terms }, place) => [terms.paymentId, place]))
    return {
      lane,
      from,
      to,
      payments: payments.map(seen),
      sightings: entries.flatMap(entry => {
        const of = places.get(entry.paymentId)
        return of === undefined ? [] : sightingsOf(entry, of, payments[of])
      }),
    }
  }
}

function sightingsOf(
  { seq, event }: JournalEntry,
  of: number,
  payment: Payment | undefined,
): Sighting[] {
  const what = (watched as Partial<Record<string, What>>)[event.type]
  if (what === undefined) return []
  const { at } = event
  const code = 'resultCode' in event ? { code: event.resultCode } : {}
  if (event.type !== 'duty_done') return [{ seq, at, what, of, ...code }]
  const duty = payment?.duties.find(
    ({ kind, owner, about }) =>
      kind === event.duty && owner === event.owner && about === event.about,
  )
  return duty === undefined ? [] : [{ seq, at, what, of, since: duty.since }]
}

/** A payment that is undecided, what is owed of it, and refunds on their way. */
function unfinishedOf(payment: Payment): Unfinished[] {
  const { terms, status, openedAt, duties, refunds = [] } = payment
  const list: Unfinished[] = []
  if (!isFinal(status)) list.push({ kind: status, institution: terms.responder, since: openedAt })
  for (const { kind, owner, since, nextAt } of duties) {
    if (nextAt !== null) list.push({ kind, institution: owner, since })
  }
  for (const refund of refunds) {
    if (isEnded(refund)) continue
    list.push({ kind: 'refund', institution: walletOf(terms), since: refund.queuedAt })
  }
  return list
}

function limitShare(
  { payerMarket, payeeMarket, payee }: Terms,
  directory: Directory,
): number | null {
  const maximum = directory.corridor(payerMarket, payeeMarket)?.singleMaxMinor ?? null
  return maximum === null || maximum <= 0n ? null : Number(payee.minor) / Number(maximum)
}
