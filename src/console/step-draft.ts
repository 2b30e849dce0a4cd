/** A step while somebody writes it: every field as it is typed, and what it comes to. */
import { ALLOWANCE_CURRENCY, type AllowanceKind } from '../domain/allowance.ts'
import { minorOf } from '../domain/amount-text.ts'
import { currencyByCode } from '../domain/currency.ts'
import type { LimitKind } from '../domain/limit.ts'
import type { StepView } from '../wire/ops-change.ts'

export type StepKind = StepView['kind']
type Subject = Extract<StepView, { kind: 'switch_off' | 'switch_on' }>['subject']

export interface Draft {
  readonly kind: StepKind
  readonly subject: Subject
  /** Of what is switched, a member or a center. */
  readonly name: string
  readonly scope: string
  readonly limit: LimitKind
  readonly corridor: string
  readonly allowance: AllowanceKind
  /** As typed; empty for no bound. */
  readonly amount: string
  /** When a limit or an allowance begins, as `2026-01-31T08:00` on this machine's clock; empty for at once. */
  readonly from: string
  readonly pinned: boolean
  readonly lanes: string
}

export const emptyDraft: Draft = {
  kind: 'switch_off',
  subject: 'corridor',
  name: '',
  scope: '*',
  limit: 'single_max',
  corridor: '*>CN',
  allowance: 'single',
  amount: '',
  from: '',
  pinned: true,
  lanes: '4',
}

/** In the order in which they are offered. */
export const stepKinds: readonly StepKind[] = [
  'switch_off',
  'switch_on',
  'set_limit',
  'set_allowance',
  'drain_center',
  'lose_center',
  'return_center',
  'pin_center',
  'set_lanes',
]

/** Which field does not fit. */
export type Wrong = 'name' | 'corridor' | 'amount' | 'from' | 'lanes'

/** The limit's currency by member, null where payments are counted, undefined where the member is not known. */
type CurrencyOf = (limit: { institution: string; kind: LimitKind }) => string | null | undefined

/** What the draft comes to, or the field that keeps it from being a step. */
export function stepOf(draft: Draft, currencyOf: CurrencyOf): StepView | Wrong {
  const { kind, subject, name, scope, corridor, pinned } = draft
  if (kind === 'set_allowance') {
    const fits = /^(?:[A-Z]{2}|\*)>[A-Z]{2}$/.test(corridor)
    const value = digitsOf(draft.amount, ALLOWANCE_CURRENCY)
    if (!fits) return 'corridor'
    if (value === undefined) return 'amount'
    const begin = beginOf(draft)
    if (begin === 'from') return begin
    return { kind, allowance: { corridor, kind: draft.allowance }, value, ...begin }
  }
  if (name === '') return 'name'
  if (kind === 'set_limit') {
    const limit = { institution: name, scope: scope.trim() || '*', kind: draft.limit }
    const value = digitsOf(draft.amount, currencyOf(limit))
    if (value === undefined) return 'amount'
    const begin = beginOf(draft)
    return begin === 'from' ? begin : { kind, limit, value, ...begin }
  }
  if (kind === 'set_lanes') {
    const fits = /^\d{1,2}$/.test(draft.lanes) && Number(draft.lanes) >= 1
    return fits ? { kind, institution: name, lanes: Number(draft.lanes) } : 'lanes'
  }
  if (kind === 'switch_off' || kind === 'switch_on') return { kind, subject, name }
  if (kind === 'pin_center') return { kind, center: name, pinned }
  return { kind, center: name }
}

/** By the clock of whoever writes it. */
function beginOf({ from }: Draft): { readonly from?: string } | 'from' {
  if (from === '') return {}
  const at = new Date(from)
  return Number.isNaN(at.getTime()) ? 'from' : { from: at.toISOString() }
}

/** Digits of minor units or payments; null for no bound, undefined where the text does not fit. */
export function digitsOf(text: string, currency: string | null | undefined) {
  if (text.trim() === '') return null
  const exponent = currency === null ? 0 : currencyByCode(currency ?? '')?.exponent
  return exponent === undefined ? undefined : minorOf(text, exponent)?.toString()
}
