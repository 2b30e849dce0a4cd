import { describe, expect, it } from 'vitest'
import { EVIDENCE_MAX } from '../../src/domain/anomaly.ts'
import { ShareWatch } from '../../src/domain/anomaly-share.ts'
import { confidenceOf, Suspicion, threshold } from '../../src/domain/anomaly-suspicion.ts'
import { LearntQuantile, LearntShare } from '../../src/domain/baseline.ts'
import { Chance } from '../bench/anomaly-chance.ts'

describe('a suspicion', () => {
  it('never falls below zero, and knows when it last left it and what raised it', () => {
    const suspicion = new Suspicion()
    suspicion.add(-5, 1, 20)
    expect(suspicion.score).toBe(0)
    suspicion.add(2, 2, 20, 'a')
    suspicion.add(-1, 3, 20, 'b')
    suspicion.add(2, 4, 20, 'c')
    expect(suspicion).toMatchObject({ score: 3, since: 2, count: 2, evidence: ['c', 'a'] })
    expect(suspicion.share).toBeCloseTo(2 / 3)
    suspicion.add(-10, 5, 20)
    suspicion.add(1, 6, 20, 'd')
    expect(suspicion).toMatchObject({ since: 6, count: 1, evidence: ['d'] })
  })

  it('goes little beyond its threshold, so that it ends soon after the trouble', () => {
    const suspicion = new Suspicion()
    for (let at = 0; at < 1_000; at += 1) suspicion.add(3, at, 20, `p${at}`)
    expect(suspicion.score).toBeLessThan(30)
    expect(suspicion.evidence).toHaveLength(EVIDENCE_MAX)
  })

  it('is surer the higher it is', () => {
    expect(confidenceOf(0)).toBeLessThan(0.001)
    expect(confidenceOf(15)).toBeGreaterThan(0.9)
    expect(confidenceOf(25)).toBeGreaterThan(0.999)
    expect(confidenceOf(100)).toBeLessThanOrEqual(1)
  })

  // Lorden's bound: on average at least e^h observations until the first false alarm.
  it.each([3, 4, 5])('with a threshold of %i is false as rarely as promised', limit => {
    const chance = new Chance(7)
    const [usual, worse] = [0.05, 0.2]
    const [gain, loss] = [Math.log(worse / usual), Math.log((1 - worse) / (1 - usual))]
    const runs = Array.from({ length: 300 }, () => {
      const suspicion = new Suspicion()
      let observed = 0
      while (suspicion.score < limit) {
        suspicion.add(chance.happens(usual) ? gain : loss, observed, limit)
        observed += 1
      }
      return observed
    })
    const mean = runs.reduce((sum, run) => sum + run) / runs.length
    expect(mean).toBeGreaterThan(Math.exp(limit))
  })

  it('is wider where more is observed, and where fewer false alarms are wanted', () => {
    expect(threshold(1e7, 0.02)).toBeGreaterThan(threshold(1e6, 0.02))
    expect(threshold(1e6, 0.01)).toBeGreaterThan(threshold(1e6, 0.1))
  })
})

describe('what is usual', () => {
  it('is known after three hundred observations, and not before', () => {
    const share = new LearntShare(0.1, 10_000)
    for (let at = 0; at < 299; at += 1) share.learn(false)
    expect(share.isKnown).toBe(false)
    share.learn(false)
    expect(share.isKnown).toBe(true)
  })

  it('is near the truth, with a tolerance that the uncertain have more of', () => {
    const chance = new Chance(1)
    const [few, many] = [new LearntShare(0.05, 20_000), new LearntShare(0.05, 20_000)]
    for (let at = 0; at < 400; at += 1) few.learn(chance.happens(0.04))
    for (let at = 0; at < 20_000; at += 1) many.learn(chance.happens(0.04))
    expect(many.mean).toBeGreaterThan(0.035)
    expect(many.mean).toBeLessThan(0.045)
    expect(few.most).toBeGreaterThan(many.most)
    expect(many.most).toBeLessThan(0.06)
  })

  it('follows a quantile', () => {
    const chance = new Chance(2)
    const quantile = new LearntQuantile(0.9)
    for (let at = 0; at < 20_000; at += 1) quantile.learn(200 * Math.exp(0.5 * chance.normal()))
    expect(quantile.value).toBeGreaterThan(340)
    expect(quantile.value).toBeLessThan(420)
  })

  it('is not learnt from trouble', () => {
    const watch = new ShareWatch({ prior: 0.05, memory: 20_000, least: 0.01, more: 0.15, times: 3 })
    const chance = new Chance(3)
    for (let at = 0; at < 5_000; at += 1) watch.observe(chance.happens(0.04), at, 20)
    const before = watch.learnt.mean
    for (let at = 0; at < 5_000; at += 1) watch.observe(chance.happens(0.6), at, 20)
    expect(watch.suspicion.score).toBeGreaterThan(20)
    expect(watch.learnt.mean).toBeLessThan(before + 0.01)
  })
})
