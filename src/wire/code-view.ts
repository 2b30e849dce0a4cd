/** From an explained code to what members see of it. No card number gets out, wherever in the code it stood. */
import { looksLikeCard, maskedPan } from '../codes/card.ts'
import { type CodeNode, type CodeReading, codeErrors, codeWarnings } from '../codes/code.ts'
import { obstacles } from '../codes/explain.ts'
import { familyById } from '../codes/families.ts'
import { candidateReasons, type RouteDecision, routeReasons } from '../codes/routing.ts'
import { resultCodes } from '../domain/refusal.ts'
import type { ExplainedCode } from '../flows/explain.ts'
import type { Target } from '../flows/order.ts'
import type { CodeExplanation, CodeField } from './code.ts'
import { feeView, instantText, moneyView, rateView } from './view.ts'

export function explanationView(explained: ExplainedCode): CodeExplanation {
  const { explanation, order, at } = explained
  const { reading, route } = explanation
  return withoutCards({
    ...readingView(reading),
    ...(order === null ? { route: routeView(route) } : orderView(order)),
    corridor: corridorView(explained),
    payment: {
      possible: explained.refusal === null,
      refusal: refusalView(explained),
      obstacles:
        order === null ? explanation.obstacles.map(code => ({ code, says: obstacles[code] })) : [],
      estimate: explained.estimate && {
        payer: moneyView(explained.estimate.payer),
        payee: moneyView(explained.estimate.payee),
        rate: rateView(explained.estimate.rate),
        fees: explained.estimate.fees.map(feeView),
      },
    },
    at: instantText(at),
  })
}

function readingView(reading: CodeReading) {
  const { errors, warnings, families, amountMinor, tip, proxy, expiresAtMs } = reading
  return {
    valid: reading.valid,
    payable: reading.payable,
    errors: errors.map(({ code, at = null }) => ({ code, says: codeErrors[code], at })),
    warnings: warnings.map(code => ({ code, says: codeWarnings[code] })),
    kind: reading.kind,
    presentment: reading.presentment,
    initiation: reading.initiation,
    families: families.map(({ id, institutionKey, fields, proxy: payee }) => ({
      id,
      name: familyById(id)?.name ?? id,
      institutionKey,
      fields: { ...fields },
      proxy: payee,
    })),
    country: reading.country,
    currency: reading.currency,
    amount: reading.amount,
    amountMinor: amountMinor === null ? null : amountMinor.toString(),
    merchantName: reading.merchantName,
    merchantNameLocal: reading.merchantNameLocal,
    merchantCity: reading.merchantCity,
    merchantCityLocal: reading.merchantCityLocal,
    language: reading.language,
    mcc: reading.mcc,
    postalCode: reading.postalCode,
    tip,
    additionalData: { ...reading.additionalData },
    proxy,
    expiresAt: expiresAtMs === null || !isCalendar(expiresAtMs) ? null : instantText(expiresAtMs),
    fields: reading.tree.map(fieldView),
  }
}

/** Only the gateway can open its own link, so to the code library it is a link like any other. */
const orderView = ({ acquirer, family, currency, amountMinor }: Target) => ({
  valid: true,
  payable: true,
  errors: [],
  presentment: 'merchant' as const,
  initiation: 'dynamic' as const,
  families: [{ id: family, name: 'Order link', institutionKey: null, fields: {}, proxy: null }],
  country: acquirer.market,
  currency,
  amountMinor: amountMinor === null ? null : amountMinor.toString(),
  route: {
    institution: acquirer.id,
    reason: {
      code: 'order-link',
      says: 'The institution had the gateway make this link of an order.',
    },
    candidates: [],
  },
})

const fieldView = ({ id, name, at, from, to, value, children }: CodeNode): CodeField => ({
  id,
  name,
  at,
  from,
  to,
  value: children.length > 0 ? '' : value,
  fields: children.map(fieldView),
})

const routeView = ({ chosen, reason, candidates }: RouteDecision) => ({
  institution: chosen?.institution ?? null,
  reason: { code: reason, says: routeReasons[reason] },
  candidates: candidates.map(({ route, verdict, reason: why }) => ({
    institution: route.institution,
    family: route.family,
    market: route.market,
    key: route.key,
    rank: route.rank,
    verdict,
    reason: { code: why, says: candidateReasons[why] },
  })),
})

function corridorView({ corridor }: ExplainedCode) {
  if (corridor === null) return null
  const { singleMaxMinor, ...terms } = corridor.terms
  return {
    payerMarket: terms.payerMarket,
    payeeMarket: terms.payeeMarket,
    scenario: corridor.scenario,
    status: terms.status,
    interchangeBp: terms.interchangeBp,
    serviceFeeBp: terms.serviceFeeBp,
    singleMaxMinor: singleMaxMinor === null ? null : singleMaxMinor.toString(),
  }
}

function refusalView({ refusal }: ExplainedCode) {
  if (refusal === null) return null
  const { says, retry, acts } = resultCodes[refusal.code]
  return { code: refusal.code, says, retry, acts }
}

/** Years that RFC 3339 can write. */
const isCalendar = (ms: number): boolean => ms >= 0 && ms < 253_402_300_800_000

/** Masks runs of digits that look like a card number in every text, because a code may hide one in any field. */
function withoutCards<T>(value: T): T {
  if (typeof value === 'string') return value.replace(/\d{13,}/g, masked) as T
  if (Array.isArray(value)) return value.map(withoutCards) as T
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([name, inner]) => [name, withoutCards(inner)])
  return Object.fromEntries(entries) as T
}

const masked = (digits: string): string => (looksLikeCard(digits) ? maskedPan(digits) : digits)
