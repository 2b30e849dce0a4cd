import { describe, expect, it } from 'vitest'
import { LAGGARD, shares, turnAt } from '../../src/local/rota.ts'
import { acquirers, wallets } from '../../src/members/cast.ts'

const turns = (count: number) => Array.from({ length: count }, (_, n) => turnAt(n))

describe('sample traffic', () => {
  it('has every kind of payment in every hundred, as often as the table says', () => {
    const counts = Map.groupBy(turns(100), ({ play }) => play)
    const counted = Object.fromEntries([...counts].map(([play, list]) => [play, list.length]))
    expect(counted).toEqual(shares)
    expect(Object.values<number>(shares).reduce((sum, share) => sum + share)).toBe(100)
  })

  it('shows a refusal, a refund and a scanned user within the first half minute at one a second', () => {
    const early = new Set(turns(30).map(({ play }) => play))
    for (const play of ['is_scanned', 'is_refunded', 'is_refused', 'orders'])
      expect(early).toContain(play)
  })

  it('crosses every border of the cast', () => {
    const crossed = new Set(turns(600).map(({ wallet, acquirer }) => `${wallet} ${acquirer}`))
    expect(crossed.size).toBe(wallets.length * acquirers.length)
  })

  it('prices in whole minor units of the merchant’s currency', () => {
    for (const { acquirer, amount } of turns(600)) {
      const exponent = acquirers.find(({ id }) => id === acquirer)?.exponent ?? -1
      expect(amount).toMatch(exponent === 0 ? /^[1-9]\d*$/ : /^\d+\.\d{2}$/)
      expect(Number(amount)).toBeGreaterThan(0)
    }
  })

  it('leaves the wallet whose books lag to the one user who is to feel it', () => {
    const scanned = turns(600).filter(({ play }) =>
      /scanned|confirms|says_no|is_refused/.test(play),
    )
    expect(scanned.length).toBeGreaterThan(100)
    expect(scanned.filter(({ wallet }) => wallet === LAGGARD)).toEqual([])
  })
})
