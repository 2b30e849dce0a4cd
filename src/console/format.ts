/** Figures, money and time as people read them, in the language in use. */
import { currencyByCode } from '../domain/currency.ts'
import { language } from './store.ts'

export const locale = () => (language.value === 'zh' ? 'zh-CN' : 'en')

export const count = (value: number): string => new Intl.NumberFormat(locale()).format(value)

/** Digits of minor units as an amount; the exponent is ISO 4217's, not the browser's. */
export function money({ currency, minor }: { currency: string; minor: string }): string {
  const digits = currencyByCode(currency)?.exponent ?? 2
  const amount = Number(minor) / 10 ** digits
  const text = new Intl.NumberFormat(locale(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount)
  return `${text} ${currency}`
}

const LEAST_SHARE = 0.001

/** Next to nothing is not nothing, and is said to be less than the least that is shown. */
export function share(value: number | null): string {
  if (value === null) return '–'
  const { format } = new Intl.NumberFormat(locale(), {
    style: 'percent',
    maximumFractionDigits: 1,
  })
  return value > 0 && value < LEAST_SHARE ? `< ${format(LEAST_SHARE)}` : format(value)
}

/** A rate, or anything else of which a tenth is worth showing. */
export const tenths = (value: number): string =>
  new Intl.NumberFormat(locale(), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    value,
  )

export const ms = (value: number | null | undefined): string =>
  value === undefined || value === null
    ? '–'
    : value < 1_000
      ? `${Math.round(value)} ms`
      : `${tenths(value / 1_000)} s`

export type Step = 'second' | 'minute' | 'hour' | 'day'

/** `15 minutes`, in whatever language. */
export const long = (value: number, unit: Step): string =>
  new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(value)

// biome-ignore format: a table is read by column
const steps: Readonly<Record<Step, Intl.DateTimeFormatOptions>> = {
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  hour:   { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  // The gateway's days are those of UTC, wherever one sits.
  day:    { month: 'short', day: 'numeric', timeZone: 'UTC' },
}

/** When a period began, as finely as periods of this length need. */
export const startOf = (step: Step, at: number | string): string =>
  new Intl.DateTimeFormat(locale(), steps[step]).format(new Date(at))

/** A country by its ISO 3166-1 code, in the language in use; the code beside it, because corridors are made of codes. */
export const country = (code: string): string =>
  `${new Intl.DisplayNames(locale(), { type: 'region' }).of(code) ?? code} (${code})`

const clock = () =>
  new Intl.DateTimeFormat(locale(), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
const calendar = () =>
  new Intl.DateTimeFormat(locale(), {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  } as Intl.DateTimeFormatOptions)

export const time = (text: string | number): string => clock().format(new Date(text))
export const instant = (text: string | null): string =>
  text === null ? '–' : calendar().format(new Date(text))

/** The year is left out while it is this one: a column of a table needs its room. */
export function dayAndTime(text: string, now = Date.now()): string {
  const at = new Date(text)
  const isOfThisYear = at.getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(locale(), {
    ...(isOfThisYear ? {} : { year: 'numeric' }),
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at)
}

/** How long ago, roughly. */
export function ago(text: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(text) - now) / 1_000)
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
  if (Math.abs(seconds) < 60) return format.format(seconds, 'second')
  if (Math.abs(seconds) < 3_600) return format.format(Math.round(seconds / 60), 'minute')
  if (Math.abs(seconds) < 86_400) return format.format(Math.round(seconds / 3_600), 'hour')
  return format.format(Math.round(seconds / 86_400), 'day')
}
