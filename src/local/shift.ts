/** The staff of the box at work beside the sample traffic: signed in through the box's own page, calling what the console calls. */
import { randomUUID } from 'node:crypto'
import { call, Refused, signIn } from '../cli/ops-call.ts'
import type { AlertView } from '../wire/alert.ts'
import type { ChangeView, PlanView } from '../wire/ops-change.ts'
import type { FoundPayment } from '../wire/ops-payment.ts'
import type { Box } from './box.ts'
import { type Deed, deedsDue } from './deeds.ts'

/** Once some traffic is there to be steered, and then again this often. */
const FIRST_MS = 5_000
const EVERY_MS = 20_000

type List<T> = { readonly data: readonly T[] }

export function startShift({ gateway }: Pick<Box, 'gateway'>): { stop(): void } {
  let isFirst = true
  let isStopped = false
  let isAtWork = false

  const look = async () => {
    const account = await signIn(gateway.url, 'mei')
    const get = <T>(path: string) => call<List<T>>(account, 'GET', path).then(({ data }) => data)
    const [plans, applied, proposed, open, owned, [payment]] = await Promise.all([
      get<PlanView>('/plans'),
      get<ChangeView>('/changes?status=applied&limit=50'),
      get<ChangeView>('/changes?status=proposed&limit=50'),
      get<AlertView>('/alerts?state=open&limit=20'),
      get<AlertView>('/alerts?state=acknowledged&limit=20'),
      get<FoundPayment>('/payments?limit=1'),
    ])
    const changes = [...applied, ...proposed]
    const alerts = [...open, ...owned]
    const due = deedsDue({ plans, changes, alerts, isFirst }, Date.now(), randomUUID)
    return isFirst && payment !== undefined ? [...due, payerOf(payment)] : due
  }
  const work = async () => {
    if (isAtWork) return
    isAtWork = true
    try {
      const due = await look()
      isFirst = false
      for (const deed of due) if (!isStopped) await does(gateway.url, deed)
    } catch (error) {
      // The gateway may be stopping, or be killed by who tries that out.
      if (!(error instanceof Refused)) throw error
    } finally {
      isAtWork = false
    }
  }
  const first = setTimeout(() => void work(), FIRST_MS)
  const again = setInterval(() => void work(), EVERY_MS)
  return {
    stop() {
      isStopped = true
      clearTimeout(first)
      clearInterval(again)
    },
  }
}

/** Somebody asked who paid this. */
const payerOf = ({ paymentId }: FoundPayment): Deed => ({
  who: 'mei',
  method: 'GET',
  path: `/payments/${paymentId}?payer=show`,
})

/** A refusal is an answer, too: one of the deeds is not allowed, and others may have been done by people meanwhile. */
async function does(gateway: string, { who, method, path, body }: Deed): Promise<void> {
  const account = await signIn(gateway, who)
  await call(account, method, path, body ?? (method === 'GET' ? undefined : {})).catch(error => {
    if (!(error instanceof Refused)) throw error
  })
}
