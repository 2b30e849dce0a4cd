/**
 * What goes wrong in the sample traffic, now and then and on purpose, so that doubts, duties, dead letters and alerts
 * can be looked at: each trouble is a member that misbehaves for a call or two of a payment made for it.
 */
import { GatewayRefusal } from '../sdk/index.ts'
import type { Box } from './box.ts'
import { scan } from './purchases.ts'
import { LAGGARD, type Turn } from './rota.ts'

interface Trouble {
  readonly name: string
  /** After the start, and then again this often. */
  readonly firstMs: number
  readonly everyMs: number
  play(box: Box): Promise<unknown>
}

const MINUTE_MS = 60_000

const turn = (wallet: string, acquirer: string, merchant: string, amount: string): Turn => ({
  ...{ play: 'pays', wallet, acquirer, merchant, amount },
  refused: 'DECLINED',
})

const acquirerOf = (box: Box, id: string) => {
  const found = box.acquirers.get(id)
  if (found === undefined) throw new Error(`${id} is not of the cast`)
  return found
}

/** A purchase at an acquirer that has these faults, each for so many calls. */
async function buyAmid(box: Box, { wallet, acquirer, merchant, amount }: Turn, faults: string[]) {
  const { faults: armed, acquirer: till } = acquirerOf(box, acquirer)
  for (const fault of faults) await armed.add(fault)
  return box.wallets.get(wallet)?.wallet.purchase({ code: till.ring(merchant, amount) })
}

/** How long a switch takes until its file says what became of a payment. */
const FILE_MS = 45_000
/** Calls that a member's books miss: a duty is a dead letter after eight, and stays one for an hour. */
const MISSED = 10

const troubles: readonly Trouble[] = [
  {
    name: 'a wallet whose books take no word of a capture',
    firstMs: 2_000,
    everyMs: 60 * MINUTE_MS,
    async play(box) {
      await box.wallets.get(LAGGARD)?.faults.add(`error notice x${MISSED}`)
      await scan(box, turn(LAGGARD, 'acquirer-th', 'th-padthai', '240.00'))
    },
  },
  {
    name: 'an acquirer that is silent, and then does not hear that it is called off',
    firstMs: 4_000,
    everyMs: 2.5 * MINUTE_MS,
    play: box =>
      buyAmid(box, turn('wallet-cn', 'acquirer-my', 'my-durian', '176.00'), [
        'silent accept x1',
        'silent inquire x4',
        'silent cancel x4',
      ]),
  },
  {
    name: 'one user of a wallet in two countries within a minute',
    firstMs: 6_000,
    everyMs: 20 * MINUTE_MS,
    async play(box) {
      const shown = await box.wallets.get('wallet-cn')?.wallet.showCodes({ count: 2 })
      const [one, other] = shown?.codes ?? []
      await acquirerOf(box, 'acquirer-th').acquirer.charge('th-silver', '1850.00', one?.qr ?? '')
      await acquirerOf(box, 'acquirer-id').acquirer.charge('id-sari', '42000.00', other?.qr ?? '')
    },
  },
  {
    name: 'a switch that cannot undo, silent until its file speaks',
    firstMs: 8_000,
    everyMs: 4 * MINUTE_MS,
    async play(box) {
      const till = turn('wallet-th', 'acquirer-id', 'id-batik', '350000.00')
      const outcome = await buyAmid(box, till, ['silent accept x1', 'silent inquire x3'])
      if (outcome?.payment?.status !== 'deemed') throw new Error('its faults hit another payment')
      await new Promise<void>(done => setTimeout(done, FILE_MS).unref())
      const { paymentId } = outcome.payment
      const said = { result: 'S', reference: `file-${paymentId.slice(-8)}` } as const
      await acquirerOf(box, 'acquirer-id').client.outcome(paymentId, said)
    },
  },
  {
    name: 'a consumer code that two tills scan',
    firstMs: 15_000,
    everyMs: 17 * MINUTE_MS,
    async play(box) {
      const shown = await box.wallets.get('wallet-my')?.wallet.showCodes()
      const code = shown?.codes[0]?.qr ?? ''
      await acquirerOf(box, 'acquirer-vn').acquirer.charge('vn-pho', '65000', code)
      const again = acquirerOf(box, 'acquirer-th').acquirer.charge('th-padthai', '120.00', code)
      await again.catch((error: unknown) => {
        if (!(error instanceof GatewayRefusal)) throw error
      })
    },
  },
  {
    name: 'an answer that is lost on its way, and given again when asked',
    firstMs: 20_000,
    everyMs: 1.5 * MINUTE_MS,
    play: box =>
      buyAmid(box, turn('wallet-my', 'acquirer-vn', 'vn-lantern', '480000'), [
        'drop-answer accept x1',
      ]),
  },
]

/** What could not be played, because the machine was busy or the gateway away, is tried again so often, and then. */
const TRIES = 4
const AGAIN_MS = 10_000

/** Plays each trouble at its times until it is stopped; one that is still under way is not begun again. */
export function startTroubles(box: Box): { stop(): void } {
  let isStopped = false
  const played = async ({ play }: Trouble) => {
    for (let tries = 0; tries < TRIES && !isStopped; tries += 1) {
      const isPlayed = await play(box).then(
        () => true,
        () => false,
      )
      if (isPlayed) return
      await new Promise<void>(done => setTimeout(done, AGAIN_MS).unref())
    }
  }
  const timers = troubles.map(trouble => {
    let isUnderWay = false
    const begin = async () => {
      if (isUnderWay) return
      isUnderWay = true
      await played(trouble)
      isUnderWay = false
    }
    const first = setTimeout(() => void begin(), trouble.firstMs)
    const again = setInterval(() => void begin(), trouble.everyMs)
    return () => {
      clearTimeout(first)
      clearInterval(again)
    }
  })
  return {
    stop() {
      isStopped = true
      for (const stop of timers) stop()
    },
  }
}
