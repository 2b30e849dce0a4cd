/** Payments: found by whatever is known of one, newest first. A payment's own page when one is named. */
import { useState } from 'preact/hooks'
import { minorOf } from '../../domain/amount-text.ts'
import { currencyByCode } from '../../domain/currency.ts'
import type { FoundPayment } from '../../wire/ops-payment.ts'
import { read } from '../api.ts'
import { dayAndTime, instant, money } from '../format.ts'
import { useLoaded } from '../load.ts'
import { Member } from '../parts/member.tsx'
import { Missing } from '../parts/missing.tsx'
import { Problem } from '../parts/problem.tsx'
import { Scroll } from '../parts/scroll.tsx'
import { NarrowStatus } from '../parts/status.tsx'
import { hrefOf, place, t } from '../store.ts'
import { PaymentPage } from './payment.tsx'

interface Found {
  readonly data: readonly FoundPayment[]
  readonly nextCursor: string | null
  readonly missing: readonly string[]
  readonly searched: { readonly from: string; readonly to: string }
}

export const Payments = () =>
  place.value.id === null ? <Search /> : <PaymentPage id={place.value.id} />

const filters = [
  'q',
  'institution',
  'corridor',
  'status',
  'result',
  'currency',
  'min',
  'max',
  'from',
  'to',
] as const
type Filter = (typeof filters)[number]
type Asked = Partial<Record<Filter, string>>

const askedNow = (): Asked =>
  Object.fromEntries(
    filters.flatMap(name => {
      const value = place.value.query.get(name)
      return value === null || value === '' ? [] : [[name, value]]
    }),
  )

/** What people type into a field of their own zone, as the interface takes it. */
const instantOf = (local: string | undefined) =>
  local === undefined ? undefined : new Date(local).toISOString()

/** What people type in whole units of the currency beside it, as the interface takes it; null where it does not fit. */
function minorIn(amount: string | undefined, currency: string | undefined) {
  if (amount === undefined) return undefined
  const exponent = currencyByCode(currency ?? '')?.exponent
  return exponent === undefined ? null : (minorOf(amount, exponent)?.toString() ?? null)
}

function queryOf({ corridor, min, max, from, to, ...rest }: Asked) {
  const [payerMarket, payeeMarket] = corridor?.split('>') ?? []
  return {
    ...rest,
    payerMarket,
    payeeMarket,
    minAmount: minorIn(min, rest.currency),
    maxAmount: minorIn(max, rest.currency),
    openedFrom: instantOf(from),
    openedTo: instantOf(to),
  }
}

function Search() {
  const asked = askedNow()
  const [cursors, setCursors] = useState<readonly string[]>([])
  const cursor = cursors.at(-1)
  const { value, problem, again } = useLoaded(
    () => read<Found>('/ops/v1/payments', { ...queryOf(asked), cursor, limit: 50 }),
    [place.value, cursor],
    Object.keys(asked).length === 0 && cursor === undefined ? 3_000 : undefined,
  )
  const text = t().payments
  /** The same question is asked again, too: a payment may have come meanwhile. */
  const ask = () => {
    setCursors([])
    again()
  }
  return (
    <>
      <h1>{t().views.payments}</h1>
      <Form asked={asked} onAsk={ask} />
      {problem !== null && <Problem problem={problem} again={again} />}
      {value === null && problem === null && <p class="soft">{t().loading}</p>}
      {value !== null && (
        <>
          <Missing centers={value.missing} />
          <p class="soft" role="status">
            {text.searched(instant(value.searched.from), instant(value.searched.to))}
          </p>
          {value.data.length === 0 ? <p class="empty">{text.none}</p> : <Table rows={value.data} />}
          <p class="pages">
            {cursors.length > 0 && (
              <button type="button" class="plain" onClick={() => setCursors(cursors.slice(0, -1))}>
                {text.newer}
              </button>
            )}
            {value.nextCursor !== null && (
              <button
                type="button"
                class="plain"
                onClick={() => setCursors([...cursors, value.nextCursor ?? ''])}
              >
                {text.older}
              </button>
            )}
          </p>
        </>
      )}
    </>
  )
}

function Form({ asked, onAsk }: { readonly asked: Asked; readonly onAsk: () => void }) {
  const text = t().payments
  const [isWrong, setWrong] = useState(false)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const given: Asked = Object.fromEntries(
      [...form].flatMap(([name, value]) => (value === '' ? [] : [[name, `${value}`]])),
    )
    const amounts = [given.min, given.max]
    const isWrong = amounts.some(amount => minorIn(amount, given.currency) === null)
    setWrong(isWrong)
    if (isWrong) return
    onAsk()
    location.hash = hrefOf('payments', undefined, given)
  }
  const field = (name: Filter, label: string, more: object = {}) => (
    <label>
      {label}
      <input name={name} defaultValue={asked[name] ?? ''} {...more} />
    </label>
  )
  return (
    <form class="filters" onSubmit={submit} key={place.value.query.toString()}>
      <div class="wide">
        {field('q', text.anything, { placeholder: text.anythingSays, type: 'search' })}
      </div>
      {field('institution', text.member, { placeholder: 'wallet-th' })}
      {field('corridor', text.corridor, { placeholder: 'TH>CN', pattern: '[A-Z]{2}>[A-Z]{2}' })}
      <label>
        {text.result}
        <select name="result">
          <option value="">{text.any}</option>
          {(['S', 'F', 'U'] as const).map(each => (
            <option key={each} value={each} selected={asked.result === each}>
              {text.results[each]}
            </option>
          ))}
        </select>
      </label>
      {field('currency', text.currency, { placeholder: 'CNY', pattern: '[A-Z]{3}', size: 5 })}
      {field('min', text.min, { inputMode: 'decimal', size: 10, ...wrongOf(isWrong) })}
      {field('max', text.max, { inputMode: 'decimal', size: 10, ...wrongOf(isWrong) })}
      {field('from', text.from, { type: 'datetime-local' })}
      {field('to', text.to, { type: 'datetime-local' })}
      <button type="submit" class="button">
        {text.find}
      </button>
      {isWrong && (
        <p id={WRONG} class="wrong wide" role="alert">
          {text.amountSays}
        </p>
      )}
    </form>
  )
}

const WRONG = 'amounts-say'
const wrongOf = (isWrong: boolean) =>
  isWrong ? { 'aria-invalid': true, 'aria-describedby': WRONG } : {}

export function Table({ rows }: { readonly rows: readonly FoundPayment[] }) {
  const text = t().payments
  return (
    <Scroll label={t().views.payments}>
      <table>
        <thead>
          <tr>
            <th>{text.opened}</th>
            <th>{text.payment}</th>
            <th>{text.result}</th>
            <th>{text.corridor}</th>
            <th>{text.wallet}</th>
            <th>{text.acquirer}</th>
            <th>{text.merchant}</th>
            <th class="number">{text.payer}</th>
            <th class="number">{text.payee}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(each => (
            <tr key={each.paymentId}>
              <td title={instant(each.openedAt)}>{dayAndTime(each.openedAt)}</td>
              <td>
                <a href={hrefOf('payments', each.paymentId)}>
                  <code>…{each.paymentId.slice(-8)}</code>
                </a>
              </td>
              <td>
                <NarrowStatus result={each.result} status={each.status} code={each.resultCode} />
              </td>
              <td>{each.corridor.replace('>', ' → ')}</td>
              <td>
                <Member id={each.wallet} />
              </td>
              <td>
                <Member id={each.acquirer} />
              </td>
              <td class="words">{each.merchant.name}</td>
              <td class="number">{money(each.payer)}</td>
              <td class="number">{money(each.payee)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
