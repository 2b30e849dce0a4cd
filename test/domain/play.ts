/** Plays messages to a payment, one after another, each at its own instant. */
import {
  apply,
  decide,
  type Message,
  type Payment,
  type PaymentEvent,
} from '../../src/domain/payment.ts'

export const T0 = 1_000_000

/** Gives the payment and all events; throws the code of the first refusal. */
export function play(...steps: [Message, number][]): { payment: Payment; events: PaymentEvent[] } {
  let payment: Payment | null = null
  const events: PaymentEvent[] = []
  for (const [message, at] of steps) {
    const decision = decide(payment, message, T0 + at)
    if (!decision.ok) throw new Error(decision.refusal.code)
    for (const event of decision.value) {
      payment = apply(payment, event)
      events.push(event)
    }
  }
  if (payment === null) throw new Error('nothing was opened')
  return { payment, events }
}

/** Rows of a table in text: the name of the row, the name of the column, what stands in the cell. */
export function cases(table: string): [string, string, string][] {
  const [head = '', ...rows] = table.trim().split('\n')
  const columns = head.trim().split(/\s+/)
  return rows.flatMap(row => {
    const [from = '', ...cells] = row.trim().split(/\s+/)
    return cells.map((cell, index): [string, string, string] => [from, columns[index] ?? '', cell])
  })
}
