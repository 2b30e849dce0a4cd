/**
 * Whether much more or much less comes than usual at this hour of the week: two sequential tests on counts of seconds.
 *
 * Usual is the season times the level of the last quarter of an hour, so that a holiday is no incident. And it is a
 * range, as wide as the noise that was learnt, so that only what is far outside of it counts at all.
 */
import { Suspicion } from './anomaly-suspicion.ts'
import { hourOfWeek, Season } from './baseline-season.ts'

const HOUR_S = 3_600
/** How fast the level follows: most of a change is in it after a quarter of an hour. */
const LEVEL_S = 900
const LEVEL_LEAST = 0.4
const LEVEL_MOST = 2.5
/** Noise is measured on minutes, clusters on tens of seconds. */
const NOISE_MINUTES = 400
const NOISE_START = 0.15
const SIGMAS = 4
const MARGIN_LEAST = 1.6
const MARGIN_MOST = 4
/** Without any season a subject is judged only after half an hour, and more patiently. */
const WARM_UP_S = 1_800
const WARM_UP_MARGIN = 1.5
/** What is left of the usual while a subject counts as silent. */
const SILENT = 0.1
/** Silence for a shorter time may be a run that is late. */
const SILENCE_S = 10
/** So many more than usual are worth a word; fewer are a busload of tourists. */
const EXCESS_MIN = 60
const LEARN_BELOW = 0.5

export class VolumeWatch {
  readonly season = new Season()
  readonly spike = new Suspicion()
  readonly silence = new Suspicion()
  #level = 1
  #recent = 0
  #seconds = 0
  #noise = NOISE_START
  #cluster = 1.2
  /** Of this hour: events and seconds that nothing was suspected in. */
  #hour = -1
  #hourCount = 0
  #hourSeconds = 0
  readonly #minute = { count: 0, expected: 0, seconds: 0 }
  readonly #ten = { count: 0, seconds: 0 }
  #excess = 0
  #quietS = 0

  /** Events a second that are usual at this moment. */
  expected(at: number): number {
    const season = this.season.at(at)
    return season === null ? this.#recent : season * this.#level
  }

  /** Whether it is known what is usual: from other days, or from the last half hour. */
  isKnown(at: number): boolean {
    return this.season.knows(at) > 0 || this.#seconds >= WARM_UP_S
  }

  /** How many more than usual came since the spike began. */
  get excess(): number {
    return this.#excess
  }

  get isSpike(): boolean {
    return this.#excess >= EXCESS_MIN
  }

  get isSilence(): boolean {
    return this.#quietS >= SILENCE_S
  }

  /** Takes one second that is over. */
  second(at: number, count: number, limit: number) {
    const usual = this.expected(at)
    if (this.isKnown(at)) this.#judge(at, count, usual, limit, this.season.knows(at) > 0)
    const isCalm = Math.max(this.spike.score, this.silence.score) < limit * LEARN_BELOW
    if (isCalm) this.#learn(at, count, usual)
    this.#endHour(at)
    this.#seconds += 1
  }

  #judge(at: number, count: number, usual: number, limit: number, isKnown: boolean) {
    const margin = this.#margin * (isKnown ? 1 : WARM_UP_MARGIN)
    const most = Math.max(usual * margin, 1e-4)
    const least = usual / margin
    // Counts that come in clusters say less than their number.
    const weight = 1 / this.#cluster
    this.spike.add(weight * (count * Math.LN2 - most), at, limit)
    this.#excess = this.spike.score === 0 ? 0 : this.#excess + count - usual
    const left = usual * SILENT
    if (usual > 0) {
      const gain = count * Math.log(left / least) + least - left
      this.silence.add(weight * gain, at, limit)
    }
    this.#quietS = this.silence.score === 0 ? 0 : this.#quietS + 1
  }

  get #margin(): number {
    return Math.min(Math.max(Math.exp(SIGMAS * this.#noise), MARGIN_LEAST), MARGIN_MOST)
  }

  #learn(at: number, count: number, usual: number) {
    const season = this.season.at(at)
    const follow = Math.max(1 / (this.#seconds + 1), 1 / LEVEL_S)
    this.#recent += (count - this.#recent) * follow
    if (season !== null && season > 0) {
      // Counts of a small subject are no level: its few events move it less.
      const pace = Math.min(season, 1) / LEVEL_S
      const level = this.#level + (count / season - this.#level) * pace
      this.#level = Math.min(Math.max(level, LEVEL_LEAST), LEVEL_MOST)
    }
    this.#hourCount += count
    this.#hourSeconds += 1
    this.#measure(count, usual)
  }

  #measure(count: number, usual: number) {
    const [minute, ten] = [this.#minute, this.#ten]
    minute.count += count
    minute.expected += usual
    minute.seconds += 1
    ten.count += count
    ten.seconds += 1
    if (ten.seconds === 10) {
      const mean = Math.max((minute.count * 10) / minute.seconds, 0.5)
      const spread = Math.min((ten.count - mean) ** 2 / mean, 30)
      this.#cluster = Math.max(this.#cluster + (spread - this.#cluster) / 600, 1.2)
      ten.count = 0
      ten.seconds = 0
    }
    if (minute.seconds < 60) return
    if (minute.expected > 20) {
      // What chance alone gives is taken off; the rest is noise of the subject's own.
      const off = Math.log(Math.max(minute.count, 1) / minute.expected)
      const own = Math.max(off * off - 1 / minute.expected, 0)
      const variance = this.#noise ** 2
      this.#noise = Math.sqrt(variance + (Math.min(own, 1) - variance) / NOISE_MINUTES)
    }
    minute.count = 0
    minute.expected = 0
    minute.seconds = 0
  }

  #endHour(at: number) {
    const hour = hourOfWeek(at)
    if (hour === this.#hour) return
    // An hour of which half was suspicious, or was not watched, teaches nothing.
    if (this.#hour >= 0 && this.#hourSeconds > HOUR_S / 2) {
      this.season.learn(this.#hour, this.#hourCount / this.#hourSeconds)
    }
    this.#hour = hour
    this.#hourCount = 0
    this.#hourSeconds = 0
  }

  pack(): PackedVolume {
    const round = (value: number) => Math.round(value * 1e5) / 1e5
    const state = [this.#level, this.#recent, this.#noise, this.#cluster].map(round)
    return [[...state, this.#seconds], this.season.pack()]
  }

  unpack([state, season]: PackedVolume) {
    const [level = 1, recent = 0, noise = NOISE_START, cluster = 1.2, seconds = 0] = state
    this.#level = level
    this.#recent = recent
    this.#noise = noise
    this.#cluster = cluster
    this.#seconds = seconds
    this.season.unpack(season)
  }
}

export type PackedVolume = readonly [state: readonly number[], season: readonly number[]]
