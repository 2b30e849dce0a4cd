/** What a code is, at a glance: verdict, amount, merchant, schemes, whatever is odd, and the code drawn. */
import { type CodeReading, codeErrors, codeWarnings, familyById } from '../codes/index.ts'
import { el } from '../front/el.ts'
import { rowsOf } from './facts.ts'
import { inEnglish } from './names.ts'
import { shown } from './shown.ts'
import { symbolView } from './symbol-view.ts'

export function resultView(payload: string, reading: CodeReading): HTMLElement[] {
  const verdict = verdictOf(reading)
  const secret = reading.errors.some(({ code }) => code === 'card-number')
  return [
    el(
      'div',
      { class: 'summary' },
      el(
        'p',
        { class: `verdict ${verdict.tone}` },
        el('span', { class: 'dot', 'aria-hidden': 'true' }),
        verdict.says,
      ),
      amountOf(reading),
      merchantOf(reading),
      schemesOf(reading),
    ),
    secret ? el('div') : symbolView(payload),
    el('div', { class: 'details' }, oddities(reading), factsOf(reading)),
  ]
}

export const emptyView = (): HTMLElement[] => [
  el(
    'p',
    { class: 'nothing' },
    'The verdict, the amount, the merchant and every field of the code will be here. Take a sample to see how it looks.',
  ),
]

interface Verdict {
  readonly says: string
  readonly tone: 'good' | 'plain' | 'bad'
}

export function verdictOf({ valid, payable, presentment, expiresAtMs }: CodeReading): Verdict {
  if (!valid) return { says: 'Not valid', tone: 'bad' }
  if (!payable) return { says: 'Valid, but not a payment', tone: 'plain' }
  if (expiresAtMs !== null && expiresAtMs <= Date.now())
    return { says: 'Valid, but expired', tone: 'plain' }
  return {
    says: presentment === 'consumer' ? 'Valid payer’s code' : 'Valid payment code',
    tone: 'good',
  }
}

/** A merchant's code without an amount leaves it to the payer. */
function amountOf(reading: CodeReading): HTMLElement | null {
  const { amount, amountMinor, currency, valid, payable, presentment } = reading
  const open = amount === null || (amountMinor === null && Number(amount) === 0)
  if (open && !(valid && payable && presentment === 'merchant')) return null
  const unit = currency === null ? null : el('span', { class: 'unit' }, currency)
  const says = open ? 'Any amount' : grouped(amount)
  return el('p', { class: `amount${open ? ' open' : ''}` }, el('span', {}, says), unit)
}

/** Thousands apart for the eye; digits, point and decimals stay as the code writes them. */
function grouped(amount: string): string {
  const [whole = '', ...rest] = amount.split('.')
  if (!/^\d{1,15}$/.test(whole)) return shown(amount)
  return [whole.replace(/\B(?=(\d{3})+$)/g, '\u202f'), ...rest].join('.')
}

function merchantOf({
  merchantName,
  merchantNameLocal,
  merchantCity,
  country,
}: CodeReading): HTMLElement {
  const place = [
    merchantCity === null ? null : shown(merchantCity),
    country === null ? null : inEnglish('region', country),
  ]
  const where = place.filter(each => each !== null && each !== '').join(', ')
  const local = merchantNameLocal === null ? '' : ` · ${shown(merchantNameLocal)}`
  return el(
    'p',
    { class: 'merchant' },
    merchantName === null ? null : el('strong', {}, shown(merchantName) + local),
    where === '' ? null : el('span', {}, where),
  )
}

function schemesOf({ families }: CodeReading): HTMLElement {
  const items = families.map(({ id, institutionKey }) =>
    el(
      'li',
      {},
      el('span', {}, familyById(id)?.name ?? id),
      institutionKey === null
        ? null
        : el('code', { title: 'names the institution' }, shown(institutionKey)),
    ),
  )
  return el('ul', { class: 'schemes', 'aria-label': 'Schemes, best first' }, ...items)
}

function oddities({ errors, warnings }: CodeReading): HTMLElement | null {
  if (errors.length + warnings.length === 0) return null
  const item = (tone: string, kind: string, says: string, code: string) =>
    el(
      'li',
      { class: tone },
      el('strong', {}, kind),
      el('span', {}, says, ' ', el('code', {}, code)),
    )
  return el(
    'ul',
    { class: 'oddities', 'aria-label': 'Errors and warnings' },
    ...errors.map(({ code, at }) =>
      item('bad', 'Error', codeErrors[code], at === undefined ? code : `${code} at ${at}`),
    ),
    ...warnings.map(code => item('warn', 'Warning', codeWarnings[code], code)),
  )
}

function factsOf(reading: CodeReading): HTMLElement | null {
  const rows = rowsOf(reading)
  if (rows.length === 0) return null
  return el(
    'dl',
    { class: 'facts' },
    ...rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
  )
}
