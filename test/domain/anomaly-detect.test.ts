/** All tests together, on simulated traffic: what is found once, with what goes along, and what is remembered. */
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/domain/anomaly.ts'
import { Detectors } from '../../src/domain/anomaly-detect.ts'
import type { Sighting } from '../../src/domain/window-digest.ts'
import { Chance } from '../bench/anomaly-chance.ts'
import { seen } from './seen.ts'

const T0 = Date.UTC(2026, 9, 5)
const wallets = ['CN', 'TH', 'MY', 'VN'] as const
const acquirers = ['CN', 'TH', 'ID'] as const

interface Way {
  readonly wallet: string
  readonly acquirer: string
}

/** Payments of every corridor, `perSecond` of each; `goes` says what becomes of one. */
class Street {
  readonly detectors: Detectors
  readonly #chance = new Chance(11)
  #made = 0
  /** What has happened and has not come in yet; null while everything comes at once. */
  #held: (() => void)[] | null = null
  at = T0

  constructor(detectors = new Detectors()) {
    this.detectors = detectors
  }

  run(
    seconds: number,
    goes: (way: Way) => 'well' | 'wrong' | 'slow' | 'nowhere' = () => 'well',
    perSecond = 2,
  ): readonly Finding[] {
    const found = new Map<string, Finding>()
    for (let second = 0; second < seconds; second += 1) {
      for (const payer of wallets) {
        for (const payee of acquirers) {
          const way = { wallet: `wallet-${payer}`, acquirer: `acquirer-${payee}` }
          for (let each = this.#chance.poisson(perSecond); each > 0; each -= 1) {
            this.#pay(way, `${payer}>${payee}`, goes(way))
          }
        }
      }
      this.at += 1_000
      for (const finding of this.detectors.tick(this.at)) {
        found.set(`${finding.kind} ${finding.subject.name}`, finding)
      }
    }
    return [...found.values()]
  }

  hold() {
    this.#held = []
  }

  release() {
    for (const told of this.#held ?? []) told()
    this.#held = null
  }

  #pay(way: Way, corridor: string, goes: 'well' | 'wrong' | 'slow' | 'nowhere') {
    if (goes === 'nowhere') return
    this.#made += 1
    const openedAt = this.at + this.#chance.below(900)
    const { acquirer } = way
    const one = {
      ...seen,
      ...way,
      corridor,
      id: `p${this.#made}`,
      order: `o${this.#made}`,
      openedAt,
      responder: acquirer,
      merchant: `${acquirer}/m`,
    }
    const tell = (what: Sighting['what'], after: number, code?: 'DECLINED') => {
      const at = openedAt + after
      const sighting = { seq: 0, of: 0, at, what, ...(code && { code }) }
      const told = () =>
        this.detectors.observe(one, sighting, what === 'opened' ? null : after, true)
      if (this.#held === null) told()
      else this.#held.push(told)
    }
    const ms = 200 * Math.exp(0.4 * this.#chance.normal()) * (goes === 'slow' ? 5 : 1)
    tell('opened', 0)
    if (goes === 'wrong' || this.#chance.happens(0.03)) tell('aborted', ms, 'DECLINED')
    else tell('committed', ms)
  }
}

const half = (chance: Chance) => chance.happens(0.5)

describe('all tests together', () => {
  it('find nothing in an hour of calm', () => {
    expect(new Street().run(3_600)).toEqual([])
  })

  it('find an acquirer that fails once, with the corridors and wallets that it fails', () => {
    const street = new Street()
    street.run(1_900)
    const chance = new Chance(3)
    const found = street.run(60, ({ acquirer }) =>
      acquirer === 'acquirer-TH' && half(chance) ? 'wrong' : 'well',
    )
    const drops = found.filter(({ kind }) => kind === 'success_drop')
    expect(drops).toHaveLength(1)
    const [drop] = drops
    expect([drop?.subject.name, ...(drop?.also ?? []).map(({ name }) => name)]).toContain(
      'acquirer-TH',
    )
    expect(drop?.payments.length).toBeGreaterThan(5)
    expect(drop?.facts.seenShare).toBeGreaterThan(0.3)
  })

  it('tell two troubles apart that are not of the same payments', () => {
    const street = new Street()
    street.run(1_900)
    const found = street.run(60, ({ wallet, acquirer }) => {
      if (wallet === 'wallet-VN' && acquirer === 'acquirer-ID') return 'wrong'
      return wallet === 'wallet-CN' && acquirer === 'acquirer-CN' ? 'wrong' : 'well'
    })
    const names = found
      .filter(({ kind }) => kind === 'success_drop')
      .map(({ subject }) => subject.name)
    expect(names).toEqual(expect.arrayContaining(['VN>ID', 'CN>CN']))
    expect(names.length).toBeLessThanOrEqual(3)
  })

  it('find who is slow, and who is silent', () => {
    const street = new Street()
    street.run(1_900)
    const slow = street.run(40, ({ acquirer }) => (acquirer === 'acquirer-ID' ? 'slow' : 'well'))
    expect(slow).toMatchObject([{ kind: 'latency_rise' }])
    street.run(900)
    const silent = street.run(40, ({ wallet }) => (wallet === 'wallet-MY' ? 'nowhere' : 'well'))
    expect(silent).toMatchObject([{ kind: 'volume_silence' }])
    const subjects = [silent[0]?.subject, ...(silent[0]?.also ?? [])].map(each => each?.name)
    expect(subjects).toContain('wallet-MY')
  })

  it('take no run that is late for silence, and silence of everything for what it is', () => {
    const street = new Street()
    street.run(1_900)
    street.hold()
    expect(street.run(15)).toEqual([])
    street.release()
    expect(street.run(60)).toEqual([])
    const found = street.run(60, () => 'nowhere')
    expect(found).toMatchObject([{ kind: 'volume_silence' }])
  })

  it('remember what they learnt', () => {
    const street = new Street()
    street.run(1_900)
    const back = new Detectors()
    back.unpack(JSON.parse(JSON.stringify(street.detectors.pack())))
    const later = new Street(back)
    later.at = street.at
    const found = later.run(30, ({ acquirer }) => (acquirer === 'acquirer-TH' ? 'wrong' : 'well'))
    expect(found.some(({ kind }) => kind === 'success_drop')).toBe(true)
  })

  it('hold as few names as are allowed', () => {
    const detectors = new Detectors()
    for (let each = 0; each < 100_000; each += 1) {
      const one = {
        ...seen,
        id: `p${each}`,
        wallet: `w${each}`,
        acquirer: `a${each}`,
        corridor: `c${each}`,
        merchant: `m${each}`,
        order: `o${each}`,
        person: `y${each}`,
        limitShare: 0.95,
      }
      detectors.observe(one, { seq: 0, of: 0, at: T0 + each, what: 'opened' }, null, true)
      detectors.observe(one, { seq: 0, of: 0, at: T0 + each, what: 'committed' }, 5, true)
    }
    expect([...detectors.subjects.each()]).toHaveLength(1 + 256 + 256)
    expect(detectors.tick(T0 + 200_000).length).toBeLessThanOrEqual(200)
    expect(JSON.stringify(detectors.pack()).length).toBeLessThan(2_000_000)
  })
})
