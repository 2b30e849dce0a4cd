/** The real world: platform bindings as the ports that flows ask for. */
import type { Held } from './db/snapshot.ts'
import type { Center, Directory } from './domain/directory.ts'
import { laneName, type PaymentPlace } from './domain/payment-id.ts'
import { Reach } from './domain/reach.ts'
import { assert } from './domain/result.ts'
import { type CenterEnv, type EdgeEnv, institutionsOf, personsFrom } from './env.ts'
import type { AlertPort, AlertsWorld } from './flows/alert.ts'
import type {
  CodebookPort,
  CodeWorld,
  EdgeWorld,
  LanePort,
  LenderPort,
  PersonPort,
  RecorderWorld,
  Seen,
  World,
} from './flows/world.ts'
import { log } from './log.ts'
import { type GatewayKeys, peerPorts } from './peers/ports.ts'
import { ANSWER_MS, type Ask, again, asking, inTime, once } from './reach.ts'
import { otherSentinels } from './sentinels.ts'
import { snapshotOf } from './snapshot.ts'
import { type PersonKeys, personKeys } from './trust/person.ts'
import { type SealKeys, sealKeys } from './trust/seal.ts'

/** The lanes of each center, by its id: a new center is a binding here and in wrangler.toml. */
export const lanesOf = (env: EdgeEnv): Readonly<Record<string, DurableObjectNamespace>> => ({
  hk: env.LANE_HK,
  sg: env.LANE_SG,
  fra: env.LANE_FRA,
})

/** The codebooks of each center, by its id. */
const codebooksOf = (env: EdgeEnv): Readonly<Record<string, DurableObjectNamespace>> => ({
  hk: env.CODEBOOK_HK,
  sg: env.CODEBOOK_SG,
  fra: env.CODEBOOK_FRA,
})

/** The monitors of each center, by its id. */
const monitorSpaces = (env: EdgeEnv): Readonly<Record<string, DurableObjectNamespace>> => ({
  hk: env.MONITOR_HK,
  sg: env.MONITOR_SG,
  fra: env.MONITOR_FRA,
})

export const centersOf = (env: EdgeEnv): readonly string[] => Object.keys(monitorSpaces(env))

/** The monitor of a center; there is one, named like it. Undefined where there is no such center. */
export function monitorOf(env: EdgeEnv, directory: Directory, center: string) {
  const spaces = monitorSpaces(env)
  if (!Object.hasOwn(spaces, center)) return undefined
  const hint = directory.center(center)?.locationHint as DurableObjectLocationHint
  return spaces[center]?.getByName(center, { locationHint: hint })
}

/** All monitors, for what is added up from them. */
export const monitorsWorld = (env: EdgeEnv, directory: Directory): AlertsWorld => ({
  monitors: Object.fromEntries(
    centersOf(env).map(center => [
      center,
      monitorOf(env, directory, center) as unknown as AlertPort,
    ]),
  ),
  pause: ms => scheduler.wait(ms),
  log,
})

/** The lenders of one institution's limits, by center. */
export const lendersOf =
  (env: EdgeEnv, directory: Directory) =>
  (institution: string): Readonly<Record<string, LenderPort>> =>
    Object.fromEntries(
      Object.entries(institutionsOf(env)).flatMap(([center, lenders]) => {
        const known = directory.center(center)
        if (lenders === undefined || known === undefined) return []
        const hint = { locationHint: known.locationHint as DurableObjectLocationHint }
        const stub = () => lenders.getByName(institution, hint) as unknown as LenderPort
        const port: LenderPort = {
          uses: () => again(() => stub().uses()),
          recall: version => again(() => stub().recall(version)),
        }
        return [[center, port]]
      }),
    )

/** The projection of each center, by its id. */
export const projectionsOf = (env: EdgeEnv): Readonly<Record<string, D1Database>> => ({
  hk: env.DB_HK,
  sg: env.DB_SG,
  fra: env.DB_FRA,
})

export function edgeWorld(
  env: EdgeEnv,
  held: Held,
  keys: GatewayKeys,
  after: (work: Promise<unknown>) => void,
  trace?: string,
): EdgeWorld {
  const lanes = lanesOf(env)
  const persons = personsFrom(env)
  const ask = askOf(env, after)
  const seen = ({ directory, confirmedAt }: Held): Seen => ({
    directory,
    confirmedAt,
    lane: (center, place) => lane(lanes[center], directory.center(center), place, ask),
    person: (center, name) => person(persons[center], directory.center(center), name, ask),
    peers: peerPorts(directory, keys, env.ENVIRONMENT, trace),
  })
  return {
    ...seen(held),
    now: Date.now,
    renewed: async () => seen(await snapshotOf(env).renewed(Date.now(), after)),
    after,
    log,
    seals: seals(env.SEAL_KEYS),
    isAway: center => reachOf(env).isAway(center),
  }
}

/** What this isolate knows of the centers. Kept by binding, so that tests with several in one isolate do not share one. */
const reaches = new WeakMap<object, Reach>()

function reachOf({ LANE_HK: lanes }: EdgeEnv): Reach {
  const known = reaches.get(lanes)
  if (known !== undefined) return known
  const made = new Reach()
  reaches.set(lanes, made)
  return made
}

/** This isolate's name among those that complain of a center. */
let isolate = ''

function askOf(env: EdgeEnv, after: (work: Promise<unknown>) => void): Ask {
  return asking(reachOf(env), {
    async complain(center, misses) {
      // Not before it is needed: an isolate may make no random numbers while it starts.
      isolate ||= crypto.randomUUID()
      await Promise.allSettled(
        otherSentinels(env, center).map(each => each.complain({ edge: isolate, center, misses })),
      )
    },
    renew: () => snapshotOf(env).renewed(Date.now(), after),
    after,
  })
}

/** The edge with everything that only some flows need: codebooks, and the lanes' own records. */
export function wholeWorld(env: EdgeEnv, world: EdgeWorld): EdgeWorld & CodeWorld & RecorderWorld {
  const codebooks = codebooksOf(env)
  const ask = askOf(env, world.after)
  return {
    ...world,
    history: (center, place, id) =>
      ask(center, ANSWER_MS, () => again(() => recorded(env, center, place).history(id))),
    chained: (center, place, after) =>
      ask(center, ANSWER_MS, () => again(() => recorded(env, center, place).chained(after))),
    head: (center, place) =>
      ask(center, ANSWER_MS, () => again(() => recorded(env, center, place).head())),
    rewind: (center, place, stored) =>
      ask(center, ANSWER_MS, () => again(() => recorded(env, center, place).rewind(stored))),
    random: () => crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n,
    codebook: (center, name) => {
      const books = codebooks[center]
      assert(books !== undefined, 'the directory names a center without a binding')
      const hint = world.directory.center(center)?.locationHint as DurableObjectLocationHint
      const stub = () => books.getByName(name, { locationHint: hint }) as unknown as CodebookPort
      return {
        issue: wanted => ask(center, ANSWER_MS, () => again(() => stub().issue(wanted))),
        use: (token, paymentId) =>
          ask(center, ANSWER_MS, () => again(() => stub().use(token, paymentId))),
      }
    },
  }
}

/** A center reaches its own lanes only; it is never asked about another's payments. */
export function centerWorld(
  env: CenterEnv,
  held: Held,
  keys: GatewayKeys,
  after: (work: Promise<unknown>) => void,
): World {
  const persons = personsFrom(env)
  const seen = ({ directory, confirmedAt }: Held): Seen => ({
    directory,
    confirmedAt,
    lane: (center, place) => {
      assert(center === env.CENTER, `${center} is not this center`)
      return lane(env.LANE, directory.center(center), place, (_, __, call) => call())
    },
    // A person's own center is wherever it is, whoever serves the payment.
    person: (center, name) => person(persons[center], directory.center(center), name, inTime),
    peers: peerPorts(directory, keys, env.ENVIRONMENT),
  })
  return {
    ...seen(held),
    now: Date.now,
    renewed: async () => seen(await snapshotOf(env).renewed(Date.now(), after)),
    after,
    log,
  }
}

function lane(
  lanes: DurableObjectNamespace | undefined,
  center: Center | undefined,
  place: PaymentPlace,
  ask: Ask,
): LanePort {
  assert(
    lanes !== undefined && center !== undefined,
    'the directory names a center without a binding',
  )
  const hint = { locationHint: center.locationHint as DurableObjectLocationHint }
  // The platform's own types for remote calls drop big integers, which it carries well; LanePort says what is there.
  const stub = () => lanes.getByName(laneName(place), hint) as unknown as LanePort
  const soon = <T>(call: () => Promise<T>) => ask(center.id, ANSWER_MS, () => again(call))
  return {
    submit: (id, message, known) => soon(() => stub().submit(id, message, known)),
    seek: (id, requestedAt, known) => soon(() => stub().seek(id, requestedAt, known)),
    read: id => soon(() => stub().read(id)),
    wait: (id, patienceMs) =>
      ask(center.id, ANSWER_MS + patienceMs, () => once(() => stub().wait(id, patienceMs))),
  }
}

/** The wallet's user waits; the center may be on another continent. */
const PERSON_MS = 2_500

function person(
  persons: DurableObjectNamespace | undefined,
  center: Center | undefined,
  name: string,
  askCenter: Ask,
): PersonPort {
  assert(
    persons !== undefined && center !== undefined,
    'the directory names a center without a binding',
  )
  const hint = { locationHint: center.locationHint as DurableObjectLocationHint }
  const ask = <T>(work: (stub: PersonPort) => Promise<T>): Promise<T> =>
    askCenter(center.id, PERSON_MS, () =>
      again(() => work(persons.getByName(name, hint) as unknown as PersonPort)),
    )
  return {
    take: wanted => ask(stub => stub.take(wanted)),
    drop: (payment, claim) => ask(stub => stub.drop(payment, claim)),
    lower: (payment, minor) => ask(stub => stub.lower(payment, minor)),
  }
}

/** A lane as the flight recorder sees it. */
interface RecordedLane {
  history(id: string): ReturnType<RecorderWorld['history']>
  chained(after: number): ReturnType<RecorderWorld['chained']>
  head(): ReturnType<RecorderWorld['head']>
  rewind(stored: number): ReturnType<RecorderWorld['rewind']>
}

const recorded = (env: EdgeEnv, center: string, place: PaymentPlace): RecordedLane =>
  lanesOf(env)[center]?.getByName(laneName(place)) as unknown as RecordedLane

let opened: { readonly stored: string; readonly keys: SealKeys } | undefined

let heldPersons: { readonly stored: string; readonly keys: PersonKeys } | undefined

/** Keys of payers' tokens. */
export function personsKeys({ PERSON_KEYS: stored }: EdgeEnv): PersonKeys {
  if (heldPersons?.stored !== stored) heldPersons = { stored, keys: personKeys(JSON.parse(stored)) }
  return heldPersons.keys
}

function seals(stored: string): SealKeys {
  if (opened?.stored !== stored) opened = { stored, keys: sealKeys(JSON.parse(stored)) }
  return opened.keys
}
