/** How things stand that a step would touch: for programs as fields, and in words for a terminal. */
import { currencyByCode } from '../domain/currency.ts'
import { decimalText } from '../domain/money.ts'
import type { Standing } from '../domain/steer-standing.ts'
import type { StandingView } from './ops-change.ts'
import { instantText } from './view.ts'

const instantOrNull = (at: number | null) => (at === null ? null : instantText(at))
const digitsOf = (value: bigint | null) => (value === null ? null : value.toString())

export function standingView(standing: Standing): StandingView {
  switch (standing.about) {
    case 'switch':
      return { ...standing, until: instantOrNull(standing.until) }
    case 'amount': {
      const { value, next } = standing
      return {
        ...standing,
        value: digitsOf(value),
        next: next && { value: digitsOf(next.value), from: instantText(next.from) },
      }
    }
    case 'lanes':
      return standing
    case 'center':
      return { ...standing, since: instantOrNull(standing.since) }
  }
}

export function standingText(standing: Standing): string {
  switch (standing.about) {
    case 'switch': {
      if (!standing.isOff) return 'on'
      const until = standing.until === null ? '' : ` until ${instantText(standing.until)}`
      return `off${until}: ${standing.reason}`
    }
    case 'amount': {
      const { value, next, currency } = standing
      const then =
        next === null ? '' : `, ${amount(next.value, currency)} from ${instantText(next.from)}`
      return `${amount(value, currency)}${then}`
    }
    case 'lanes':
      return standing.lanes === null ? 'no lanes' : `${standing.lanes} lanes in ${standing.center}`
    case 'center': {
      const { status, since, pinned } = standing
      if (status === null) return 'no such center'
      const from = since === null ? '' : ` since ${instantText(since)}`
      return `${status}${from}${pinned ? ', pinned' : ''}`
    }
  }
}

function amount(value: bigint | null, currency: string | null): string {
  if (value === null) return 'no bound'
  if (currency === null) return value.toString()
  const scale = currencyByCode(currency)?.exponent ?? 0
  return `${decimalText({ digits: value, scale })} ${currency}`
}
