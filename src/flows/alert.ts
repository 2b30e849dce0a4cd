/** Alerts of all centers, as people tend them: found, acknowledged, resolved, annotated, muted. */
import type { Alert } from '../domain/alert.ts'
import type { Mute } from '../domain/alert-mute.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { askMonitors, type MonitorPort, type MonitorsWorld, missingOf } from './monitor.ts'

/** What a person does to an alert. */
export type Deed =
  | { readonly deed: 'acknowledge' }
  | { readonly deed: 'resolve'; readonly text: string | null }
  | { readonly deed: 'note'; readonly text: string }

export interface AlertQuery {
  readonly state: Alert['state'] | null
  /** Only those raised before this instant, or at it with a lower number. */
  readonly before: readonly [raisedAt: number, number: number] | null
  readonly limit: number
}

/** A monitor's alerts as a flow sees them. Its calls throw when the center cannot be reached. */
export interface AlertPort extends MonitorPort {
  alerts(query: AlertQuery): Promise<readonly Alert[]>
  alert(number: number): Promise<Alert | null>
  tend(number: number, deed: Deed, by: string): Promise<Result<Alert>>
  mutes(): Promise<readonly Mute[]>
  mute(mute: Mute): Promise<Result<Mute>>
  unmute(id: string): Promise<boolean>
}

export interface AlertsWorld extends MonitorsWorld {
  readonly monitors: Readonly<Record<string, AlertPort>>
}

export interface PlacedAlert {
  readonly center: string
  readonly alert: Alert
}

const newestFirst = (one: PlacedAlert, other: PlacedAlert): number =>
  other.alert.raisedAt - one.alert.raisedAt ||
  other.center.localeCompare(one.center) ||
  other.alert.number - one.alert.number

/** Alerts of each center that come after what was listed before; newest first, over all. */
export async function listAlerts(
  query: Omit<AlertQuery, 'before'> & {
    readonly before: Readonly<Record<string, AlertQuery['before']>>
  },
  world: AlertsWorld,
): Promise<{ alerts: readonly PlacedAlert[]; missing: string[] }> {
  const { before, ...rest } = query
  const said = await askMonitors(world, (monitor, center) =>
    (monitor as AlertPort).alerts({ ...rest, before: before[center] ?? null }),
  )
  const alerts = [...said]
    .flatMap(([center, list]) => (list ?? []).map(alert => ({ center, alert })))
    .sort(newestFirst)
    .slice(0, query.limit)
  return { alerts, missing: missingOf(said) }
}

const idShape = /^alr_([a-z0-9-]{1,16})_(\d{1,12})$/

/** The monitor of an alert's center; undefined where the id names none. */
function locate(id: string, world: AlertsWorld) {
  const [, center = '', number = ''] = idShape.exec(id) ?? []
  const monitor = Object.hasOwn(world.monitors, center) ? world.monitors[center] : undefined
  return monitor && { center, monitor, number: Number(number) }
}

/** Refuses with NOT_FOUND. */
export async function readAlert(id: string, world: AlertsWorld): Promise<Result<PlacedAlert>> {
  const place = locate(id, world)
  const alert = (await place?.monitor.alert(place.number)) ?? null
  if (place === undefined || alert === null) return refuse('NOT_FOUND')
  return ok({ center: place.center, alert })
}

/** Refusals: NOT_FOUND, ALERT_RESOLVED, ALERT_FULL. */
export async function tendAlert(
  id: string,
  deed: Deed,
  by: string,
  world: AlertsWorld,
): Promise<Result<PlacedAlert>> {
  const place = locate(id, world)
  if (place === undefined) return refuse('NOT_FOUND')
  const done = await place.monitor.tend(place.number, deed, by)
  return done.ok ? ok({ center: place.center, alert: done.value }) : done
}

/** A mute, and the centers that are not known to have it: there it may call all the same. */
export interface PlacedMute {
  readonly mute: Mute
  readonly notIn: readonly string[]
}

/** A mute is meant to hold in every center; it is listed if any has it. */
export async function listMutes(
  world: AlertsWorld,
): Promise<{ mutes: readonly PlacedMute[]; missing: string[] }> {
  const said = await askMonitors(world, monitor => (monitor as AlertPort).mutes())
  const mutes = new Map<string, Mute>()
  for (const list of said.values()) for (const mute of list ?? []) mutes.set(mute.id, mute)
  const notIn = (id: string) =>
    [...said].flatMap(([center, list]) => (list?.some(each => each.id === id) ? [] : [center]))
  return {
    mutes: [...mutes.values()]
      .sort((one, other) => one.until - other.until)
      .map(mute => ({ mute, notIn: notIn(mute.id) })),
    missing: missingOf(said),
  }
}

/**
 * Mutes everywhere; the same again mends where a center was away. Refusals: PARAM_ILLEGAL, ALERT_FULL,
 * REPEAT_REQ_INCONSISTENT, and CENTER_UNAVAILABLE where no center could be asked.
 */
export async function mute(wanted: Mute, world: AlertsWorld): Promise<Result<PlacedMute>> {
  const said = await askMonitors(world, monitor => (monitor as AlertPort).mute(wanted))
  const answers = [...said.values()].filter(answer => answer !== null)
  const refused = answers.find(answer => !answer.ok)
  if (refused !== undefined && !refused.ok) return refused
  const [made] = answers.flatMap(answer => (answer.ok ? [answer.value] : []))
  if (made === undefined) return refuse('CENTER_UNAVAILABLE')
  return ok({ mute: made, notIn: missingOf(said) })
}

/** Refusals: NOT_FOUND, and CENTER_UNAVAILABLE where a center that could not be asked may still have it. */
export async function unmute(id: string, world: AlertsWorld): Promise<Result<null>> {
  const said = await askMonitors(world, monitor => (monitor as AlertPort).unmute(id))
  if (missingOf(said).length > 0) return refuse('CENTER_UNAVAILABLE')
  return [...said.values()].includes(true) ? ok(null) : refuse('NOT_FOUND')
}
