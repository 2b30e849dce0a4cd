/** What a bad wallet tries. Each must come to nothing, but for the honest part of it. */
import { passing } from '../checks/hearing.ts'
import { bodyHashOf, type PayBody, type Question } from '../edge.ts'
import type { World } from '../world.ts'

const PATIENCE_MS = 20_000

/** What a wallet has seen of another: its latest order and the payment it is for. */
export interface Seen {
  readonly body: PayBody
  readonly paymentId: string
}

export function misbehave(
  wallet: string,
  number: number,
  body: PayBody,
  foreign: Seen | null,
  world: World,
) {
  const { chaos, dice, edge, ledger } = world
  const refuses = (what: string, question: Question, codes: readonly string[]) =>
    void edge.ask(wallet, number, question, PATIENCE_MS).then(answer => {
      if (typeof answer === 'string' || answer.kind === 'untrusted') return
      const fine =
        answer.kind === 'refused' && (codes.includes(answer.code) || passing.has(answer.code))
      if (!fine) ledger.broken('I5', null, `${what} is answered with ${answer.kind}`)
    })
  if (chaos.strikes('pays for another', number) && foreign !== null) {
    refuses("another wallet's quote", { kind: 'pay', body: foreign.body }, ['QUOTE_INVALID'])
  }
  if (chaos.strikes('pays as another', number)) {
    const other = { ...body, requestId: `${body.requestId}-b` }
    refuses('a quote under another request', { kind: 'pay', body: other }, ['QUOTE_INVALID'])
  }
  if (chaos.strikes('forges a quote', number)) {
    const at = Math.floor(dice.between(20, body.quote.length, 'letter', number))
    const quote = `${body.quote.slice(0, at)}${body.quote[at] === '1' ? '2' : '1'}${body.quote.slice(at + 1)}`
    refuses('a forged quote', { kind: 'pay', body: { ...body, quote } }, ['QUOTE_INVALID'])
  }
  if (chaos.strikes('reads of others', number) && foreign !== null) {
    refuses('a stranger', { kind: 'read', id: foreign.paymentId, patienceMs: 0 }, [
      'PAYMENT_NOT_EXIST',
    ])
  }
}

/** Sends another body under the same request. Which of the two comes first is chance; the answer is judged by it. */
export function payInOtherWords(
  wallet: string,
  number: number,
  body: PayBody,
  paymentId: string,
  world: World,
) {
  const { edge, hearing, ledger } = world
  const other = { ...body, hold: `${body.hold}-b` }
  const existed = ledger.exists(paymentId)
  void edge.ask(wallet, number, { kind: 'pay', body: other }, PATIENCE_MS).then(answer => {
    if (typeof answer === 'string' || answer.kind === 'untrusted') return
    hearing.paid(wallet, paymentId, bodyHashOf(other), existed, answer)
  })
}
