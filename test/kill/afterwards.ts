/** What becomes of payments that went well: some are taken back, and of some more is asked back than there is. */
import type { PaymentView } from '../../src/wire/payment.ts'
import { refusedWith } from './heard.ts'
import { takeBack } from './payers.ts'
import type { Scene } from './scene.ts'

/** Of a hundred. */
const TAKEN_BACK = 12
const REFUNDED = 40
/** Of a payment, asked for side by side: two of the three fit. */
const PARTS = [40n, 35n, 45n]

export async function afterwards(scene: Scene, view: PaymentView): Promise<void> {
  if (view.status !== 'committed') return
  const { paymentId, presentment, wallet } = view
  // Both may come to the same payment; the first one shuts out the other.
  await Promise.all([
    scene.chance(REFUNDED) && Promise.all(PARTS.map(percent => refund(scene, view, percent))),
    scene.chance(TAKEN_BACK) &&
      (presentment === 'mpm' ? takeBack(scene, wallet, paymentId) : takeBackCharge(scene, view)),
  ])
}

async function refund(scene: Scene, view: PaymentView, percent: bigint): Promise<void> {
  const { box, heard } = scene
  const { paymentId, payee, acquirer } = view
  const { requestId } = scene.request('refund')
  const amount = { ...payee, minor: ((BigInt(payee.minor) * percent) / 100n).toString() }
  await heard.ask(async () => {
    try {
      const { client } = box.acquirers.get(acquirer)!
      return heard.refund(await client.refund(paymentId, { requestId, amount }))
    } catch (error) {
      const code = refusedWith(error)
      if (code === null) throw error
      heard.noRefunds.push({ paymentId, requestId, code })
      return true
    }
  })
}

/** The till that charged cancels. */
const takeBackCharge = ({ box, heard }: Scene, { paymentId, acquirer }: PaymentView) =>
  heard.ask(async () => {
    try {
      const { client } = box.acquirers.get(acquirer)!
      return heard.payment(await client.cancel(paymentId, { requestId: `cancel-${paymentId}` }))
    } catch (error) {
      return refusedWith(error) !== null
    }
  })
