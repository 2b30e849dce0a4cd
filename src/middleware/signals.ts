/** What the edge notes of each call of a member, for the monitors. None of it is waited for. */
import type { Context } from 'hono'
import { placeOf } from '../domain/payment-id.ts'
import { NOBODY, signals, tellSignals } from '../signals.ts'
import type { Door } from './door.ts'

/** What was turned away, by whom it came; and a consumer code that another payment had. */
export function noteRefusal(c: Context<Door>) {
  const refusal = c.get('refusal')
  if (refusal === undefined) return
  const institution = c.get('institution')?.id ?? NOBODY
  signals.refused(institution, refusal.code)
  const usedBy = refusal.detail?.usedBy
  if (refusal.code !== 'CODE_USED' || usedBy === undefined) return
  // The payment that has the code says who presented it first.
  const place = placeOf(usedBy)
  const before =
    place === null ? undefined : c.get('directory').institutionByNumber(place.institution)
  if (before === undefined) return
  signals.used({ at: Date.now(), acquirer: institution, before: before.id, usedBy })
}

/** Begins to tell, behind the back of the answer. */
export function tellMonitors(c: Context<Door>) {
  const directory = c.get('directory')
  // Nothing is known of the network: then there is nobody to tell.
  if (directory === undefined) return
  c.executionCtx.waitUntil(tellSignals(c.env, directory))
}
