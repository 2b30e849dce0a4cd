import { describe, expect, it } from 'vitest'
import { VolumeWatch } from '../../src/domain/anomaly-volume.ts'
import { hourOfWeek, Season } from '../../src/domain/baseline-season.ts'
import { Chance } from '../bench/anomaly-chance.ts'

const HOUR = 3_600_000
const MONDAY = Date.UTC(2026, 9, 5)

describe('a season', () => {
  it('counts its hours from Monday', () => {
    expect(hourOfWeek(MONDAY)).toBe(0)
    expect(hourOfWeek(MONDAY + 25 * HOUR)).toBe(25)
    expect(hourOfWeek(MONDAY - 1)).toBe(167)
  })

  it('knows nothing at first, other days after one, and its own hour after a week', () => {
    const season = new Season()
    expect(season.at(MONDAY)).toBeNull()
    for (let hour = 0; hour < 24; hour += 1) season.learn(hour, hour + 1)
    expect(season.knows(MONDAY + 5 * HOUR)).toBe(2)
    expect(season.knows(MONDAY + 29 * HOUR)).toBe(1)
    expect(season.at(MONDAY + 29.5 * HOUR)).toBeCloseTo(6)
  })

  it('goes evenly from the middle of one hour to that of the next', () => {
    const season = new Season()
    season.learn(10, 2)
    season.learn(11, 4)
    season.learn(12, 4)
    expect(season.at(MONDAY + 10.5 * HOUR)).toBeCloseTo(2)
    expect(season.at(MONDAY + 11 * HOUR)).toBeCloseTo(3)
    expect(season.at(MONDAY + 11.5 * HOUR)).toBeCloseTo(4)
  })

  it('is moved little by one odd week', () => {
    const season = new Season()
    for (let week = 0; week < 4; week += 1) season.learn(7, 10)
    season.learn(7, 1_000)
    season.learn(8, 10)
    expect(season.at(MONDAY + 7.5 * HOUR)).toBeLessThan(13)
  })

  it('is the same after it was stored', () => {
    const season = new Season()
    for (let hour = 0; hour < 168; hour += 3) season.learn(hour, hour / 7)
    const back = new Season()
    back.unpack(JSON.parse(JSON.stringify(season.pack())))
    for (let hour = 0; hour < 168; hour += 1) {
      expect(back.at(MONDAY + hour * HOUR)).toBeCloseTo(season.at(MONDAY + hour * HOUR)!, 3)
    }
  })
})

describe('a volume', () => {
  const LIMIT = 20
  /** So many seconds at a rate; gives how many it took until one of both was suspected. */
  const feed = (
    volume: VolumeWatch,
    from: number,
    seconds: number,
    rate: number,
    chance: Chance,
  ) => {
    for (let second = 0; second < seconds; second += 1) {
      volume.second(from + second * 1_000, chance.poisson(rate), LIMIT)
      if (volume.spike.score >= LIMIT && volume.isSpike) return { spike: second }
      if (volume.silence.score >= LIMIT && volume.isSilence) return { silence: second }
    }
    return null
  }

  it('is not judged before half an hour, and then by that half hour', () => {
    const chance = new Chance(1)
    const volume = new VolumeWatch()
    expect(feed(volume, MONDAY, 60, 5, chance)).toBeNull()
    expect(feed(volume, MONDAY + 60_000, 1_700, 0, chance)).toBeNull()
    const steady = new VolumeWatch()
    expect(feed(steady, MONDAY, 3_000, 5, chance)).toBeNull()
    expect(feed(steady, MONDAY + 3_000_000, 60, 0, chance)).toHaveProperty('silence')
  })

  const known = (seed: number) => {
    const volume = new VolumeWatch()
    for (let week = 0; week < 3; week += 1) {
      for (let hour = 0; hour < 168; hour += 1) volume.season.learn(hour, 5)
    }
    const chance = new Chance(seed)
    expect(feed(volume, MONDAY, 3_600, 5, chance)).toBeNull()
    return { volume, chance, from: MONDAY + HOUR }
  }

  it.each([1, 2, 3])('that stops is found within half a minute (%i)', seed => {
    const { volume, chance, from } = known(seed)
    const found = feed(volume, from, 60, 0, chance)
    expect(found?.silence).toBeLessThan(30)
    expect(found?.silence).toBeGreaterThanOrEqual(9)
  })

  it.each([1, 2, 3])('that grows fivefold is found within half a minute (%i)', seed => {
    const { volume, chance, from } = known(seed)
    expect(feed(volume, from, 60, 25, chance)?.spike).toBeLessThan(30)
  })

  it('that is half as much again for a day is no trouble', () => {
    const { volume, chance, from } = known(4)
    expect(feed(volume, from, 86_400, 7.5, chance)).toBeNull()
  })

  it('that a busload adds to is no trouble', () => {
    const { volume, chance, from } = known(5)
    for (let minute = 0; minute < 60; minute += 1) {
      expect(feed(volume, from + minute * 60_000, 50, 5, chance)).toBeNull()
      volume.second(from + minute * 60_000 + 50_000, 25, LIMIT)
      expect(feed(volume, from + minute * 60_000 + 51_000, 9, 5, chance)).toBeNull()
    }
  })
})
