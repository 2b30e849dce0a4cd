/** A network that has lived a little and stopped: its data folder, and what happened in one of its lanes. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { laneName, placeOf } from '../../src/domain/payment-id.ts'
import { type Box, startBox } from '../../src/local/box.ts'
import { type Client, createClient, publishedKeys } from '../../src/sdk/index.ts'
import { signingKey } from '../../src/trust/keys.ts'
import { codeAt, newRequest, until } from './network.ts'

/** What happened in the lane, by the ids of its payments. */
export interface Lived {
  readonly folder: string
  readonly center: 'sg'
  readonly lane: string
  readonly committed: string
  readonly refunded: string
  readonly reversed: string
  readonly refused: string
  readonly barred: string
  /** Committed after the lane's last anchor. */
  readonly tail: string
  /** In another lane. */
  readonly elsewhere: string
  remove(): Promise<void>
}

const LANE = 0
const isLane = (lane: number): boolean => lane === LANE

async function clientOf(box: Box, institution: string): Promise<Client> {
  const key = await signingKey(box.keys.members[institution]!)
  return createClient({
    gateway: box.gateway.url,
    institution,
    key,
    gatewayKeys: publishedKeys(box.gateway.url),
  })
}

/** A quote whose payment belongs to the lane, or to another one: a hash decides, so the wallet asks until it fits. */
async function quoteIn(wallet: Client, merchant: string, fits: (lane: number) => boolean) {
  for (;;) {
    const asked = newRequest('lived')
    const quote = await wallet.quote({ ...asked, code: codeAt(merchant) })
    if (fits(placeOf(quote.paymentId)!.lane)) return { asked, quote }
  }
}

/** Pays with money that the wallet's own book holds, so that it acknowledges what it is told. */
async function payIn(box: Box, wallet: Client, merchant: string, fits = isLane) {
  const { asked, quote } = await quoteIn(wallet, merchant, fits)
  const { paymentId, payer } = quote
  const reference = asked.requestId
  const expiresAt = Date.parse(quote.expiresAt)
  const held = { ...asked, paymentId, ...payer, expiresAt, reference }
  const { holds } = box.wallets.get('wallet-th')!.book
  holds.place(held, Date.now())
  const paid = await wallet.pay({ ...asked, quote: quote.quote, hold: { reference } })
  const { result } = paid.result === 'U' ? await wallet.awaitDecision(paymentId) : paid
  holds.settle(paymentId, result === 'S' ? 'captured' : 'released', Date.now())
  return paymentId
}

/** Starts a box, lets it live, and stops it; throws where it did not live as it should. */
export async function live(): Promise<Lived> {
  const folder = await mkdtemp(join(tmpdir(), 'opencpg-verify-'))
  const box = await startBox({ folder })
  const [wallet, acquirer] = [await clientOf(box, 'wallet-th'), await clientOf(box, 'acquirer-cn')]
  const projection = await box.gateway.projection('sg')
  const pay = (merchant: string, fits = isLane) => payIn(box, wallet, merchant, fits)

  const committed = await pay('cn-silk')
  const lane = laneName(placeOf(committed)!)
  const refunded = await pay('cn-silk')
  const amount = { currency: 'CNY', minor: '100' }
  const { refundId } = await acquirer.refund(refunded, { requestId: 'refund-1', amount })
  const isGiven = ({ status }: { status: string }) => status === 'REFUNDED'
  const refund = await until(() => acquirer.refundById(refundId), isGiven, 20_000)
  if (!isGiven(refund)) throw new Error(`the refund is ${refund.status}`)
  const reversed = await pay('cn-tea')
  await wallet.cancel(reversed, { requestId: 'cancel-1', reason: 'user' })
  const refused = await pay('id-tutup')
  const { quote: never } = await quoteIn(wallet, 'cn-rail', isLane)
  await wallet.cancel(never.paymentId, { requestId: 'cancel-2' }).catch(() => null)
  const elsewhere = await pay('cn-rail', lane => !isLane(lane))

  // Everything so far is projected, then anchored; what comes after is not, because the clock is far ahead.
  await atRest(folder, projection)
  await projection.prepare('UPDATE lane_progress SET anchored_at = 0').all()
  await pay('cn-tea')
  await until(
    () => anchoredSeq(projection, lane),
    seq => seq > 12,
    20_000,
  )
  await projection.prepare(`UPDATE lane_progress SET anchored_at = ${Date.now() + 3_600_000}`).all()
  const tail = await pay('cn-silk')
  await atRest(folder, projection)
  await box.stop()
  await settle(folder)
  return {
    folder,
    center: 'sg',
    lane,
    committed,
    refunded,
    reversed,
    refused,
    barred: never.paymentId,
    tail,
    elsewhere,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

async function anchoredSeq(projection: D1Database, lane: string): Promise<number> {
  const { results } = await projection
    .prepare('SELECT anchored_seq AS seq FROM lane_progress WHERE lane = ?')
    .bind(lane)
    .all<{ seq: number }>()
  return results[0]?.seq ?? 0
}

/** No duty is open any more, and everything is projected. */
async function atRest(folder: string, projection: D1Database) {
  const lanes = join(folder, 'gateway/do/opencpg-sg-Lane')
  const rests = async () => {
    const { results } = await projection
      .prepare('SELECT lane, seq FROM lane_progress')
      .all<{ lane: string; seq: number }>()
    const told = new Map(results.map(({ lane, seq }) => [lane, seq]))
    for (const file of (await readdir(lanes)).filter(name => /^[0-9a-f]{64}\.sqlite$/.test(name))) {
      const database = new DatabaseSync(join(lanes, file), { readOnly: true })
      const [due] = database.prepare('SELECT count(due) AS open FROM payment').all()
      const [head] = database.prepare('SELECT max(last) AS last FROM journal').all()
      const [mark] = database.prepare("SELECT value FROM mark WHERE name = 'projected'").all()
      database.close()
      // A lane that was only asked has nothing to tell.
      if (head?.last === null) continue
      if (due?.open !== 0 || mark?.value !== head?.last) return false
      if (![...told.values()].includes(Number(head?.last))) return false
    }
    return true
  }
  if (!(await until(rests, done => done, 30_000, 200))) throw new Error('the network does not rest')
}

/** Each database as one file, so that it can be copied. */
async function settle(folder: string) {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!/[0-9a-f]{64}\.sqlite$/.test(name)) continue
    const database = new DatabaseSync(join(folder, name))
    database.exec('PRAGMA journal_mode = DELETE')
    database.close()
  }
}
