/**
 * Cursors: opaque to members, base64url of JSON inside. A cursor only says from where to read on; what may be
 * read is never taken from it, so it needs no seal.
 */
import type { MergedPage, Places } from './page.ts'

/** In a center's payments, newest first: after this one; `end` where nothing older is left. */
export type PaymentPlace = readonly [openedAt: number, paymentId: string] | 'end'

/** In a center's feed of one institution: after this event of this row. */
export type EventPlace = readonly [position: number, index: number]

/** In a center's dead letters of one institution, oldest first: after this one. */
export type DeadLetterPlace = readonly [
  since: number,
  paymentId: string,
  duty: string,
  about: string,
]

/** In a center's alerts, newest first: after this one. */
export type AlertPlace = readonly [raisedAt: number, number: number]

/** Longer ones are none of ours: a cursor has one short place for each center, and an address that is signed is bounded. */
const LENGTH_MAX = 2_048

/** Where the list of payments goes on; null where no center has more. One that was missing may have. */
export const nextPaymentCursor = ({
  places,
  more,
  missing,
}: Omit<MergedPage<unknown, PaymentPlace>, 'data'>): string | null =>
  more || missing.length > 0 ? encode('payments', places) : null

/** Where the list of dead letters goes on; null where no center has more. */
export const nextDeadLetterCursor = ({
  places,
  more,
  missing,
}: Omit<MergedPage<unknown, DeadLetterPlace>, 'data'>): string | null =>
  more || missing.length > 0 ? encode('dead-letters', places) : null

/** Where the list of alerts goes on. */
export const alertCursor = (places: Places<AlertPlace>): string => encode('alerts', places)

/** Where the events go on, now or later: they have no end. */
export const eventCursor = (places: Places<EventPlace>): string => encode('events', places)

/** The places in a cursor of `nextPaymentCursor`; null for any other text. */
export const paymentPlaces = (cursor: string): Places<PaymentPlace> | null =>
  decode(cursor, 'payments', isPaymentPlace)

/** The places in a cursor of `eventCursor`; null for any other text. */
export const eventPlaces = (cursor: string): Places<EventPlace> | null =>
  decode(cursor, 'events', isEventPlace)

/** The places in a cursor of `nextDeadLetterCursor`; null for any other text. */
export const deadLetterPlaces = (cursor: string): Places<DeadLetterPlace> | null =>
  decode(cursor, 'dead-letters', isDeadLetterPlace)

/** The places in a cursor of `alertCursor`; null for any other text. */
export const alertPlaces = (cursor: string): Places<AlertPlace> | null =>
  decode(cursor, 'alerts', isAlertPlace)

const isAlertPlace = (place: unknown): place is AlertPlace =>
  Array.isArray(place) && place.length === 2 && isCount(place[0]) && isCount(place[1])

const isDeadLetterPlace = (place: unknown): place is DeadLetterPlace =>
  Array.isArray(place) &&
  place.length === 4 &&
  isCount(place[0]) &&
  place.slice(1).every(part => typeof part === 'string')

const isPaymentPlace = (place: unknown): place is PaymentPlace =>
  place === 'end' ||
  (Array.isArray(place) && place.length === 2 && isCount(place[0]) && typeof place[1] === 'string')

const isEventPlace = (place: unknown): place is EventPlace =>
  Array.isArray(place) && place.length === 2 && place.every(isCount)

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

const encode = (list: string, places: object): string =>
  btoa(JSON.stringify([list, places]))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

function decode<Place>(
  cursor: string,
  list: string,
  isPlace: (place: unknown) => place is Place,
): Places<Place> | null {
  if (cursor.length > LENGTH_MAX || !/^[A-Za-z0-9_-]+$/.test(cursor)) return null
  try {
    const [name, places] = JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')))
    const isOurs = name === list && typeof places === 'object' && places !== null
    return isOurs && Object.values(places).every(isPlace) ? places : null
  } catch {
    return null
  }
}
