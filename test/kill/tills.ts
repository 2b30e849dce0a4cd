/** Users who are scanned: one-time codes, at one till or at two at once, of wallets that ask their user or do not. */
import { GatewayRefusal } from '../../src/sdk/index.ts'
import type { PaymentView } from '../../src/wire/payment.ts'
import { type Attempt, refusedWith } from './heard.ts'
import type { Scene } from './scene.ts'
import { pause } from './watch.ts'

/** Of a hundred. */
const AT_TWO_TILLS = 25
const ASKED = 25
const CONFIRMED = 80
const OWN_CODES = 30

export async function show(scene: Scene): Promise<PaymentView | null> {
  const code = await codeOf(scene)
  if (code === null) return null
  const tills = Array.from({ length: scene.chance(AT_TWO_TILLS) ? 2 : 1 }, () => till(scene, code))
  return (await Promise.all(tills)).find(view => view !== null) ?? null
}

/** Null where none was issued because the gateway was down. */
async function codeOf(scene: Scene): Promise<string | null> {
  const { id, wallet } = scene.wallet()
  const confirms = () => pause(200 + scene.random() * 2_000).then(() => scene.chance(CONFIRMED))
  const customer = scene.chance(ASKED) ? { confirms } : {}
  if (id === 'wallet-cn' && scene.chance(OWN_CODES)) return wallet.ownCode(customer)
  const shown = await wallet.showCodes(customer).catch(() => null)
  return shown?.codes[0]?.[scene.one(['qr', 'barcode'] as const)] ?? null
}

async function till(scene: Scene, code: string): Promise<PaymentView | null> {
  const { box, heard } = scene
  const { acquirer: by, id: merchant, dynamicAmount } = scene.merchant()
  const asked = scene.request('till')
  heard.tries.set(code, [...(heard.tries.get(code) ?? []), asked.requestId])
  let last: PaymentView | null = null
  let refused: string | null = null
  let why = ''
  let said: Attempt['said'] = null
  await heard.ask(async () => {
    try {
      last = await box.acquirers.get(by)!.acquirer.charge(merchant, dynamicAmount, code, asked)
      said = last.result
      return heard.payment(last)
    } catch (error) {
      if (error instanceof GatewayRefusal) said = error.result
      const refusal = refusedWith(error)
      why = refusal ?? String(error)
      if (refusal === null) throw error
      refused = refusal
      heard.nothing.push({ by, requestId: asked.requestId, code: refusal })
      return true
    }
  })
  heard.attempts.push({
    by,
    requestId: asked.requestId,
    result: resultOf(last, refused),
    said,
    askedAt: Date.parse(asked.requestedAt),
    heardAt: Date.now(),
    code: why,
  })
  return last
}

const resultOf = (view: PaymentView | null, refused: string | null) =>
  view?.result ?? (refused === null ? 'U' : 'F')
