/** Consumer codes: issued to a wallet for its user, read at the till, and used for one payment. */

import { readCode } from '../codes/read.ts'
import { routeCode } from '../codes/routing.ts'
import { writeCpm } from '../codes/write-cpm.ts'
import type { Person } from '../domain/allowance.ts'
import {
  CODE_LIFE_MS,
  CONSUMER_AID,
  CONSUMER_FAMILY,
  type CodeRow,
  isIssued,
  payerText,
  prefixOf,
  routeOfDigits,
  SHARDS,
  shardOf,
  tokenOf,
} from '../domain/consumer-code.ts'
import type { Institution } from '../domain/institution.ts'
import { assert, ok, type Result, refuse } from '../domain/result.ts'
import { sha256 } from '../trust/digest.ts'
import { accountIn } from './consumer-account.ts'
import type { CodebookPort, CodeWorld } from './world.ts'

export interface CodesOrder {
  readonly requestId: string
  /** Milliseconds since 1970. */
  readonly requestedAt: number
  readonly count: number
  /** The wallet's own word for its user, and the person behind it. */
  readonly payerReference: string
  readonly person?: Person
  readonly bodyHash: string
}

export interface ConsumerCodes {
  readonly codes: readonly { readonly barcode: string; readonly qr: string }[]
  readonly expiresAt: number
}

/**
 * Refusals: ACCESS_DENIED for whoever has no registered prefix, PARAM_ILLEGAL, REPEAT_REQ_INCONSISTENT, BUSY.
 */
export async function issueCodes(
  wallet: Institution,
  order: CodesOrder,
  world: CodeWorld,
): Promise<Result<ConsumerCodes>> {
  const prefix = prefixOf(wallet.id, world.directory.routes)
  if (prefix === undefined) {
    return refuse('ACCESS_DENIED', { says: 'No prefix for consumer codes is registered.' })
  }
  const { requestId, bodyHash } = order
  const payer = payerText(order.payerReference, order.person)
  const shard = await shardOfText(`${wallet.id}\n${requestId}`)
  const book = codebookOf(wallet, shard, order.requestedAt, world)
  if (book === undefined) return refuse('PARAM_ILLEGAL', { says: 'before it was a member' })
  const tokens = Array.from({ length: order.count }, () => tokenOf(prefix, shard, world.random()))
  const expiresAt = world.now() + CODE_LIFE_MS
  const issued = await book.issue({ requestId, bodyHash, tokens, payer, expiresAt })
  if (!issued.ok) return issued
  const codes = issued.value.tokens.map(barcode => ({ barcode, qr: qrOf(barcode) }))
  return ok({ codes, expiresAt: issued.value.expiresAt })
}

function qrOf(pan: string): string {
  const written = writeCpm({ family: CONSUMER_FAMILY, pan, aid: CONSUMER_AID, label: 'OPENCPG' })
  assert(written.ok, 'a code that was issued can be written')
  return written.payload
}

/** A scanned consumer code: whose it is, and the number by which it is used once. */
export interface Scanned {
  readonly wallet: string
  readonly family: string
  readonly token: string
  /** Numbered by the wallet itself, which alone knows whose it is. */
  readonly isOwn: boolean
}

/** Refusals: CODE_INVALID, CODE_UNSUPPORTED, NO_ROUTE, MEMBER_SUSPENDED. */
export function readConsumerCode(payload: string, { directory, now }: CodeWorld): Result<Scanned> {
  const digits = /^\d{12,24}$/.test(payload) ? payload : accountIn(payload)
  const registered = digits === null ? undefined : routeOfDigits(digits, directory.routes)
  if (digits !== null && registered !== undefined) {
    const { institution: wallet, family } = registered
    return ok({ wallet, family, token: digits, isOwn: !isIssued(digits) })
  }
  const reading = readCode(payload)
  if (!reading.valid) {
    const unknown = reading.errors[0]?.code === 'unknown-code'
    return refuse(unknown ? 'CODE_UNSUPPORTED' : 'CODE_INVALID')
  }
  if (reading.presentment !== 'consumer') return refuse('CODE_UNSUPPORTED')
  const at = now()
  const { chosen, candidates, reason } = routeCode(reading, directory.routes, id =>
    directory.isOpen(id, at),
  )
  if (chosen === null) {
    return refuse(candidates.length > 0 ? 'MEMBER_SUSPENDED' : 'NO_ROUTE', { says: reason })
  }
  const { institution: wallet, family } = chosen
  return ok({ wallet, family, token: digits ?? payload, isOwn: true })
}

/** Takes the code for this payment, once. Refusals: those of `useCode`. */
export const useScanned = (
  scanned: Scanned,
  wallet: Institution,
  paymentId: string,
  world: CodeWorld,
): Promise<Result<CodeRow>> =>
  (scanned.isOwn ? useOwn : useIssued)(scanned.token, wallet, paymentId, world)

/** A code that was issued just before the wallet's epoch changed is in the book of the epoch before. */
async function useIssued(
  token: string,
  wallet: Institution,
  paymentId: string,
  world: CodeWorld,
): Promise<Result<CodeRow>> {
  const shard = shardOf(token)
  const now = world.now()
  const used = await codebookOf(wallet, shard, now, world)?.use(token, paymentId)
  if (used === undefined) return refuse('CODE_INVALID')
  const before = codebookOf(wallet, shard, now - CODE_LIFE_MS, world)
  const mayBeThere = !used.ok && used.refusal.code === 'CODE_INVALID' && before !== undefined
  return mayBeThere ? before.use(token, paymentId) : used
}

/**
 * A code that the wallet numbers itself may be as old as the wallet likes, and no book knows it before it is used. So
 * it is taken in every center that ever served the wallet, always in the same order: of two payments the first book
 * chooses one. Only a center that is given up is left out; what was used there the wallet itself still knows.
 */
async function useOwn(
  token: string,
  wallet: Institution,
  paymentId: string,
  world: CodeWorld,
): Promise<Result<CodeRow>> {
  const { directory } = world
  const name = `${wallet.number}:${await shardOfText(token)}`
  const now = directory.epochAt(wallet.id, world.now())?.center
  const served = new Set(directory.epochs(wallet.id).map(({ center }) => center))
  const centers = [...served].sort().flatMap(id => directory.center(id) ?? [])
  let taken: Result<CodeRow> = refuse('CODE_INVALID')
  for (const { id, status } of centers) {
    if (status === 'down' && id !== now) continue
    taken = await world.codebook(id, name).use(token, paymentId)
    if (!taken.ok) break
  }
  return taken
}

/** The book of a shard, in the center that served the wallet at that time. */
function codebookOf(
  wallet: Institution,
  shard: number,
  at: number,
  { directory, codebook }: CodeWorld,
): CodebookPort | undefined {
  const epoch = directory.epochAt(wallet.id, at)
  const center = epoch && directory.center(epoch.center)
  return center && codebook(center.id, `${wallet.number}:${shard}`)
}

const encoder = new TextEncoder()

const shardOfText = async (text: string): Promise<number> =>
  ((await sha256(encoder.encode(text)))[0] ?? 0) % SHARDS
