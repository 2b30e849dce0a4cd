/** Users who scan: purchases, some taken back while they are under way, and orders that two wallets pay at once. */
import type { PurchaseOutcome } from '../../src/members/wallet.ts'
import type { PaymentView } from '../../src/wire/payment.ts'
import { refusedWith } from './heard.ts'
import type { Request, Scene } from './scene.ts'
import { pause } from './watch.ts'

/** Of a hundred. */
const TAKEN_BACK = 6
const RACED = 8

export async function scan(scene: Scene): Promise<PaymentView | null> {
  if (scene.chance(RACED)) return race(scene)
  return purchase(scene, scene.merchant().dynamicCode, scene.chance(TAKEN_BACK))
}

async function race(scene: Scene): Promise<PaymentView | null> {
  const { acquirer, id, dynamicAmount } = scene.merchant()
  const link = await scene.box.acquirers
    .get(acquirer)!
    .acquirer.orderLink(id, dynamicAmount)
    .catch(() => null)
  // It must stay paid, so nobody hears of it who might take it back.
  if (link !== null) await Promise.all([purchase(scene, link), purchase(scene, link)])
  return null
}

/** A customer of this wallet scans this code. */
export const buy = (scene: Scene, wallet: string, code: string): Promise<PaymentView | null> =>
  purchase(scene, code, false, scene.box.wallets.get(wallet)!)

async function purchase(
  scene: Scene,
  code: string,
  takenBack = false,
  { id, wallet } = scene.wallet(),
): Promise<PaymentView | null> {
  const asked = scene.request('buy')
  let cancelled: Promise<void> | undefined
  const confirm = ({ paymentId }: { paymentId: string }) => {
    if (takenBack) {
      cancelled = pause(scene.random() * 300).then(() => takeBack(scene, id, paymentId))
    }
    return true
  }
  // Where no quote came because the gateway was down, nothing was paid.
  const outcome = await wallet.purchase({ code, ...asked, confirm }).catch(() => null)
  if (outcome === null) return null
  const { requestId, result, resultCode, said } = outcome
  const askedAt = Date.parse(asked.requestedAt)
  if (outcome.hold !== null) {
    const heardAt = Date.now()
    scene.heard.attempts.push({
      by: id,
      requestId,
      result,
      said,
      askedAt,
      heardAt,
      code: resultCode,
    })
  }
  if (outcome.result === 'U') scene.heard.later(() => inquire(scene, id, asked))
  else hear(scene, id, outcome)
  // Whoever has gone has asked for nothing that is still under way.
  await cancelled
  return takenBack ? null : outcome.payment
}

function hear({ heard }: Scene, by: string, { payment, requestId, resultCode }: PurchaseOutcome) {
  if (payment !== null) heard.payment(payment)
  else heard.nothing.push({ by, requestId, code: resultCode })
}

async function inquire(scene: Scene, id: string, asked: Request): Promise<boolean> {
  try {
    const payment = await scene.box.wallets.get(id)!.wallet.client.paymentByRequest(asked)
    if (payment.status === 'deemed') await sayByFile(scene, payment)
    return scene.heard.payment(payment)
  } catch (error) {
    return refusedWith(error) === 'PAYMENT_NOT_EXIST'
  }
}

/** A switch that cannot undo decides by its file what it left open when the gateway was gone. */
async function sayByFile({ box }: Scene, { paymentId, acquirer }: PaymentView) {
  const { book, client } = box.acquirers.get(acquirer)!
  const { state, reference = null } = book.orders.find(paymentId) ?? {}
  const credited = state === 'accepted' && reference !== null
  await client.outcome(paymentId, credited ? { result: 'S', reference } : { result: 'F' })
}

/** The wallet cancels; before its payment has come, or after it went well. */
export const takeBack = ({ box, heard }: Scene, id: string, paymentId: string): Promise<void> =>
  heard.ask(async () => {
    try {
      const { payment } = await box.wallets.get(id)!.wallet.cancel(paymentId)
      return payment === null || heard.payment(payment)
    } catch (error) {
      return refusedWith(error) !== null
    }
  })
