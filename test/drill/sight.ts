/** What a drill sees of its traffic: only what members were answered. */
import { placeOf } from '../../src/domain/payment-id.ts'
import { centerRows } from '../../src/local/seed.ts'
import type { Scene } from '../kill/scene.ts'
import { until } from '../kill/watch.ts'

export interface Sight {
  /** Lets traffic go on until so many more payments have been answered. */
  answered(count: number): Promise<void>
  /**
   * Waits until every one of these wallets pays again, by customers who came after this instant. Gives the seconds
   * from it to the first commit of the last wallet.
   */
  recovered(wallets: readonly string[], since: number): Promise<number>
  /** Waits until new payments of each of these wallets are decided at this center, or at any but this one. */
  moved(wallets: readonly string[], center: string, isThere: boolean): Promise<void>
  /** The longest time, in seconds, for which one of these wallets had no payment committed since this instant. */
  gap(wallets: readonly string[], since: number): number
}

export const PATIENCE_MS = 120_000

export function sightOf(scene: Scene, say: (text: string) => void): Sight {
  const { heard } = scene
  return {
    answered(count) {
      const before = heard.payments.length
      return until(
        'payments are answered',
        PATIENCE_MS,
        () => heard.payments.length >= before + count,
      )
    },
    async recovered(wallets, since) {
      const seconds = () =>
        wallets.map(wallet => (commitsOf(scene, wallet, since)[0] ?? Number.NaN) / 1_000)
      const all = () => !seconds().some(Number.isNaN)
      await until('every wallet pays again', PATIENCE_MS, all)
      const found = seconds()
      const each = wallets.map((wallet, index) => `${wallet} ${found[index]?.toFixed(1)} s`)
      say(`everybody pays again: ${each.join(', ')} after it began`)
      return Math.max(...found)
    },
    async moved(wallets, center, isThere) {
      const from = heard.payments.length
      const { number } = centerRows.find(({ id }) => id === center) ?? {}
      const has = (wallet: string) =>
        heard.payments.slice(from).some(view => {
          const isThis = placeOf(view.paymentId)?.center === number
          return view.wallet === wallet && view.presentment === 'mpm' && isThis === isThere
        })
      await until('payments have moved', PATIENCE_MS, () => wallets.every(has))
      say(
        `payments of ${wallets.join(', ')} are decided ${isThere ? 'at' : 'elsewhere than'} ${center}`,
      )
    },
    gap(wallets, since) {
      const now = Date.now() - since
      const gaps = wallets.map(wallet => {
        const at = [0, ...commitsOf(scene, wallet, since), now]
        return Math.max(...at.slice(1).map((each, index) => each - (at[index] ?? 0))) / 1_000
      })
      const each = wallets.map((wallet, index) => `${wallet} ${gaps[index]?.toFixed(1)} s`)
      say(`the longest pause between two commits: ${each.join(', ')}`)
      return Math.max(...gaps)
    },
  }
}

/** When payments were committed that this wallet asked for after an instant, milliseconds from there, in order. */
function commitsOf({ heard }: Scene, wallet: string, since: number): readonly number[] {
  const asked = new Set(
    heard.attempts.filter(({ by, askedAt }) => by === wallet && askedAt >= since).map(key),
  )
  return heard.payments
    .filter(view => view.result === 'S' && asked.has(key({ by: view.wallet, ...view })))
    .map(({ decidedAt }) => Date.parse(decidedAt ?? '') - since)
    .toSorted((one, other) => one - other)
}

const key = ({ by, requestId }: { readonly by: string; readonly requestId: string }) =>
  `${by} ${requestId}`
