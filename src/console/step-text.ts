/** Steps, and how things stand that they touch, in the language in use; amounts in the currency they are of. */
import { ALLOWANCE_CURRENCY } from '../domain/allowance.ts'
import type { AnyStepView, ChangeView, StandingView } from '../wire/ops-change.ts'
import { count, instant, long, money } from './format.ts'
import { currencyOfLimit } from './members.ts'
import { t } from './store.ts'
import { wordOf } from './texts/words.ts'

export function stepText(step: AnyStepView): string {
  const text = t().steering
  const says = text.kinds[step.kind]
  switch (step.kind) {
    case 'switch_off':
    case 'switch_on':
      // A member is suspended, whatever it is called where programs do it.
      if (step.subject === 'institution') return `${text.memberKinds[step.kind]}: ${step.name}`
      return `${says}: ${text.subjects[step.subject]} ${nameOf(step)}`
    case 'restore_switch':
      return `${says}: ${text.subjects[step.subject]} ${nameOf(step)}`
    case 'set_limit': {
      const { institution, scope, kind } = step.limit
      const where = scope === '*' ? '' : ` (${scope})`
      const value = course(step, currencyOfLimit(step.limit))
      return `${says}: ${institution} · ${t().limits.kinds[kind]}${where} = ${value}`
    }
    case 'set_allowance': {
      const { corridor, kind } = step.allowance
      const value = course(step, ALLOWANCE_CURRENCY)
      return `${says}: ${corridor} · ${t().words.allowances[kind]} = ${value}`
    }
    case 'set_lanes':
      return `${says}: ${step.institution} = ${step.lanes}`
    case 'pin_center':
      return `${step.pinned ? says : text.unpin}: ${step.center}`
    default:
      return `${says}: ${step.center}`
  }
}

/** When a change ends; nothing of one that puts back what there was, whose steps have ends of their own. */
export function endText({ until, seconds, steps, undoOf }: ChangeView): string {
  const text = t().steering
  if (until !== null) return text.endsAt(instant(until))
  if (seconds !== null) {
    const time = seconds % 60 === 0 ? long(seconds / 60, 'minute') : long(seconds, 'second')
    const begins = steps.some(step => 'value' in step && step.from !== undefined)
    return begins ? text.lastsFrom(time) : text.lasts(time)
  }
  return undoOf === null ? text.forever : ''
}

export function standingText(standing: StandingView): string {
  const text = t().steering
  switch (standing.about) {
    case 'switch': {
      const { isOff, until, reason } = standing
      if (!isOff) return text.isOn
      return text.isOff(until === null ? text.forever : instant(until), reason ?? '')
    }
    case 'amount': {
      const { value, next, currency } = standing
      const now = bound(value, currency)
      return next === null
        ? now
        : text.andThen(now, bound(next.value, currency), instant(next.from))
    }
    case 'lanes': {
      const { lanes, center } = standing
      return lanes === null || center === null ? text.noLanes : text.lanesIn(count(lanes), center)
    }
    case 'center': {
      const { status, since, pinned } = standing
      if (status === null) return text.noCenter
      const { states, pinned: pinnedWord } = t().centers
      const parts = [
        states[status],
        since !== null && Date.parse(since) > 0 && instant(since),
        pinned && pinnedWord,
      ]
      return parts.filter(Boolean).join(' · ')
    }
  }
}

const nameOf = ({ subject, name }: { readonly subject: string; readonly name: string }) =>
  subject === 'scenario' ? wordOf(t().words.scenarios, name) : name

/** What a step sets and from when on, and what it puts back of what was announced. */
function course(
  step: Extract<AnyStepView, { value: string | null }>,
  currency: string | null | undefined,
): string {
  const next = 'next' in step ? step.next : []
  const value = bound(step.value, currency)
  return next.reduce(
    (said, { value, from }) => t().steering.andThen(said, bound(value, currency), instant(from)),
    step.from === undefined ? value : t().limits.next(value, instant(step.from)),
  )
}

/** @param currency null for payments, undefined where nobody knows it */
function bound(value: string | null, currency: string | null | undefined): string {
  if (value === null) return t().steering.noBound
  if (currency === null) return count(Number(value))
  return currency === undefined ? t().steering.minorUnits(value) : money({ currency, minor: value })
}
