import { describe, expect, it } from 'vitest'
import { changeDirectory, readDirectory, readDirectoryVersion } from '../../src/db/directory.ts'
import { takeRates } from '../../src/db/rate.ts'
import type { FxRate } from '../../src/domain/fx.ts'
import { openD1 } from './d1.ts'
import { network, terms } from './network.ts'

const NOW = 1_000_000
const offer = (asOf: number, more: Partial<FxRate> = {}): FxRate => ({
  provider: 'fx-one',
  base: 'CNY',
  counter: 'THB',
  value: '4.5',
  markupBp: 10,
  asOf,
  goodForMs: 60_000,
  ...more,
})

async function directory() {
  const { d1 } = openD1('directory')
  const version = await readDirectoryVersion(d1)
  expect(await changeDirectory(d1, version, network, terms)).toMatchObject({ ok: true })
  const rates = async () => (await readDirectory(d1)).rates
  return { d1, rates }
}

describe('rates of a provider', () => {
  it('replace older ones of the same pair, and are not replaced by what comes late', async () => {
    const { d1, rates } = await directory()
    expect(await takeRates(d1, [offer(NOW)], NOW)).toEqual({
      ok: true,
      value: { taken: 1, kept: 0 },
    })
    const later = offer(NOW + 5, { value: '4.6' })
    const other = offer(NOW - 5, { counter: 'MYR', value: '0.6' })
    await takeRates(d1, [later, other], NOW + 10)
    const late = await takeRates(d1, [offer(NOW + 1, { value: '9' })], NOW + 10)
    expect(late).toEqual({ ok: true, value: { taken: 0, kept: 1 } })
    expect(await rates()).toEqual(expect.arrayContaining([later, other]))
    expect(await rates()).toHaveLength(2)
  })

  it('posted twice change nothing the second time, not even the version', async () => {
    const { d1 } = await directory()
    await takeRates(d1, [offer(NOW)], NOW)
    const version = await readDirectoryVersion(d1)
    expect(await takeRates(d1, [offer(NOW)], NOW)).toMatchObject({ value: { taken: 0, kept: 1 } })
    expect(await readDirectoryVersion(d1)).toBe(version)
  })

  it.each<[string, Partial<FxRate>]>([
    ['from the future', { asOf: NOW + 61_000 }],
    ['of nothing', { value: '0' }],
    ['of a currency that is none', { base: 'CNX' }],
    ['by one who quotes none', { provider: 'wallet-th' }],
  ])('%s are refused, all of them', async (_, more) => {
    const { d1, rates } = await directory()
    const made = await takeRates(d1, [offer(NOW, { counter: 'MYR' }), offer(NOW, more)], NOW)
    expect(made).toMatchObject({ refusal: { code: 'PARAM_ILLEGAL' } })
    expect(await rates()).toEqual([])
  })

  it('of several providers at once are all taken', async () => {
    const { d1, rates } = await directory()
    const pairs = ['THB', 'MYR', 'IDR', 'VND', 'EUR']
    const all = await Promise.all(
      pairs.map(counter => takeRates(d1, [offer(NOW, { counter })], NOW)),
    )
    expect(all.every(({ ok }) => ok)).toBe(true)
    expect((await rates()).map(({ counter }) => counter).toSorted()).toEqual(pairs.toSorted())
  })
})
