/** One trial: simulated traffic through the very tests and the very book of alerts that a monitor uses. */
import type { Alert } from '../../src/domain/alert.ts'
import { AlertBook } from '../../src/domain/alert-book.ts'
import type { AnomalyKind, Subject } from '../../src/domain/anomaly.ts'
import { Detectors } from '../../src/domain/anomaly-detect.ts'
import { HOURS } from '../../src/domain/baseline-season.ts'
import { Chance } from './anomaly-chance.ts'
import { type Incident, plan } from './anomaly-incidents.ts'
import { acquirers, corridors, season, wallets } from './anomaly-network.ts'
import { Traffic } from './anomaly-traffic.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A Monday. */
const START = Date.UTC(2026, 9, 5)
/** Weeks of which only each hour's sum is played, so that the season is known. */
const WEEKS = 3
/** Hours played in full before anything counts. */
export const WARM_UP_HOURS = 6
const WARM_UP_MS = WARM_UP_HOURS * HOUR
/** An alert belongs to an incident so long after its end: what was slow to come in is found then. */
const AFTERMATH_MS = 12 * MINUTE

export interface TrialTerms {
  readonly seed: number
  readonly perSecond: number
  /** Days without any incident. */
  readonly calmDays: number
  /** How often each kind of incident comes, and how far apart they are. */
  readonly rounds: number
  readonly spacingMs: number
}

export interface Found {
  readonly kind: AnomalyKind
  readonly strength: number
  readonly variant: string
  /** Seconds from its beginning to its alert; null where there was none. */
  readonly seconds: number | null
}

export interface FalseAlert {
  readonly kind: AnomalyKind
  readonly subject: Subject
  readonly at: number
  readonly facts: Alert['facts']
}

export interface Trial {
  readonly found: readonly Found[]
  readonly falseInCalm: readonly FalseAlert[]
  readonly falseAmongIncidents: readonly FalseAlert[]
  /** Alerts about what an incident also did, elsewhere or of another kind. */
  readonly consequences: readonly FalseAlert[]
  readonly calmDays: number
  readonly incidentDays: number
  readonly payments: number
}

export function runTrial(terms: TrialTerms): Trial {
  const { seed, rounds, spacingMs, calmDays } = terms
  const chance = new Chance(seed + 1_000)
  const incidentsFrom = START + WARM_UP_MS + calmDays * DAY
  const incidents = plan(chance, incidentsFrom, spacingMs, rounds)
  const until = incidentsFrom + incidents.length * spacingMs + 10 * MINUTE
  const traffic = new Traffic(seed, terms.perSecond, incidents)
  const detectors = new Detectors()
  prime(detectors, traffic, terms.perSecond, chance)
  const book = new AlertBook([], 0)
  const seen = new Map<number, number>()
  const detected = new Map<Incident, number>()
  const falseInCalm: FalseAlert[] = []
  const falseAmongIncidents: FalseAlert[] = []
  const consequences: FalseAlert[] = []
  let payments = 0

  for (let at = START; at < until; at += 1_000) {
    const { told, signals, used } = traffic.second(at)
    for (const { seen: of, sighting, answerMs, isNews } of told) {
      if (sighting.what === 'opened') payments += 1
      detectors.observe(of, sighting, answerMs, isNews)
    }
    for (const signal of signals) detectors.signalled(signal, at)
    for (const code of used) detectors.usedCode(code)
    const now = at + 1_000
    for (const { alert } of book.take(detectors.tick(now), [], now)) {
      const isRaised = alert.state === 'open' && seen.get(alert.number) !== alert.reopened
      if (alert.state === 'open') seen.set(alert.number, alert.reopened)
      if (!isRaised || now < START + WARM_UP_MS) continue
      const near = incidents.filter(
        ({ from, until: end }) => now >= from && now < end + AFTERMATH_MS,
      )
      const own = near.find(each => each.kind === alert.kind && isAbout(alert, each))
      if (own !== undefined) {
        if (!detected.has(own)) {
          detected.set(own, (now - own.from) / 1_000)
          continue
        }
      }
      const { kind, subject, facts } = alert
      const isOwn = near.some(each => isAbout(alert, each))
      const list = isOwn ? consequences : now < incidentsFrom ? falseInCalm : falseAmongIncidents
      list.push({ kind, subject, facts, at: now })
    }
  }
  return {
    found: incidents.map(incident => ({
      kind: incident.kind,
      strength: incident.strength,
      variant: incident.variant,
      seconds: detected.get(incident) ?? null,
    })),
    falseInCalm,
    falseAmongIncidents,
    consequences,
    calmDays,
    incidentDays: (until - incidentsFrom) / DAY,
    payments,
  }
}

/** Whether an alert is about what an incident touches, or about something that has most of its payments from there. */
function isAbout({ subject, also }: Alert, incident: Incident): boolean {
  if (subject.dimension === 'all') return true
  if ([subject, ...also].some(({ name }) => incident.touches.has(name))) return true
  const own = corridors.filter(
    ({ name, wallet, acquirer }) =>
      subject.name === name || subject.name === wallet.id || subject.name === acquirer.id,
  )
  return (
    own.some(corridor => incident.concerns(corridor)) &&
    ['success_drop', 'latency_rise', 'volume_spike', 'volume_silence', 'refusal_shift'].includes(
      incident.kind,
    )
  )
}

/** What weeks before have taught: the season, hour by hour, with days and hours that differ; and who sells. */
function prime(detectors: Detectors, traffic: Traffic, perSecond: number, chance: Chance) {
  const { subjects, merchants } = detectors
  merchants.remember(
    traffic.shops.map(({ id }) => [id, START - 30 * DAY] as const),
    START - 30 * DAY,
  )
  for (const { id, sales, refunds } of traffic.shops) merchants.learn(id, sales, refunds, START)
  const named = [
    ...corridors.map(({ name, share }) => [subjects.of(partiesOf(name), START)[1], share] as const),
    ...wallets.map(({ id, share }) => [subjects.institution(id), share] as const),
    ...acquirers.map(({ id, share }) => [subjects.institution(id), share] as const),
    [subjects.all, 1] as const,
  ]
  for (let week = 0; week < WEEKS; week += 1) {
    for (let hour = 0; hour < HOURS; hour += 1) {
      const at = START + (week - WEEKS) * 7 * DAY + hour * HOUR
      if (hour % 24 === 0) day = Math.exp(0.1 * chance.normal())
      for (const [subject, share] of named) {
        const noise = Math.exp(0.06 * chance.normal())
        const mean = (season(at + HOUR / 4) + season(at + (3 * HOUR) / 4)) / 2
        const usual = perSecond * share * mean * day * noise
        subject?.volume.season.learn(hour, chance.poisson(usual * 3_600) / 3_600)
      }
    }
  }
}

let day = 1

const partiesOf = (name: string) => {
  const corridor = corridors.find(each => each.name === name)!
  return { wallet: corridor.wallet.id, acquirer: corridor.acquirer.id, corridor: name }
}
