/** What every refusal must be, whatever was wrong: clear, signed, bounded, and without a trace behind it. */
import { expect } from 'vitest'
import { type ResultCode, resultCodes } from '../../src/domain/refusal.ts'
import { gatewayKeyFinder } from '../../src/sdk/gateway-keys.ts'
import { verifyAnswer } from '../../src/trust/signature.ts'
import { problemSchema } from '../../src/wire/problem.ts'
import { type Network, refusalOf } from './network.ts'
import type { Heard, Wire } from './wire.ts'

/** A refusal says what is wrong in a few lines, whatever it was sent. */
const ANSWER_MAX = 8_192

/** The problem inside, once everything about the answer has been looked at. */
export async function expectRefusal(heard: Heard, wire: Wire, code: ResultCode, net: Network) {
  const problem = problemSchema.parse(JSON.parse(heard.text))
  const row = resultCodes[code]
  expect({ code: problem.code, status: heard.status }).toEqual({ code, status: row.http })
  expect(heard.headers.get('content-type')).toBe('application/problem+json')
  expect(problem).toMatchObject({
    type: `/problems#${code}`,
    title: row.says,
    status: row.http,
    result: isUndecided(code, wire) ? null : row.outcome,
    retry: row.retry,
    acts: row.acts,
    requestId: heard.headers.get('request-id'),
  })
  expect(heard.headers.get('cache-control')).toBe('no-store')
  expect(heard.body.length).toBeLessThan(ANSWER_MAX)
  await expectSigned(heard, wire, net)
  // Whoever cannot sign learns which check failed, and nothing else.
  if (heard.status === 401) {
    const told = [
      ...['type', 'title', 'status', 'code', 'result', 'retry', 'acts'],
      ...['requestId', 'traceId'],
    ]
    expect(Object.keys(problem)).toEqual(told)
  }
  return problem
}

/** What the edge turns away says nothing about a payment: an earlier attempt may be on its way to the lane. */
const isUndecided = (code: ResultCode, { url, method }: Wire): boolean =>
  method === 'POST' && url.endsWith('/v1/payments') && edgeCodes.has(code)

const edgeCodes: ReadonlySet<ResultCode> = new Set([
  'QUOTE_INVALID',
  'CORRIDOR_CLOSED',
  'CODE_UNSUPPORTED',
])

/** Signed by the gateway over what was heard, and bound to the request where that could be verified. */
export async function expectSigned(heard: Heard, wire: Wire, net: Network) {
  const headers = new Headers()
  for (const [name, value] of Object.entries(wire.headers)) {
    headers.set(name, String(value))
  }
  const { method, url, body } = wire
  const asked = { method, url, headers, body }
  const find = gatewayKeyFinder(net.gatewayKeys)
  const proof = await verifyAnswer(heard, asked, find, Date.now())
  const covered = heard.headers.get('signature-input') ?? ''
  // Before the signature counts nothing is bound to it: someone on the way may have changed what was signed.
  if (heard.status === 401 || heard.status === 413) {
    expect(covered).toMatch(/^cpg=\("@status" "cpg-institution" "content-digest"\)/)
    expect(proof).toMatchObject({ refusal: { code: 'SIGNATURE_COVERAGE' } })
    return
  }
  expect(proof).toMatchObject({ ok: true, value: { institution: 'gateway', keyId: 'gateway-1' } })
}

export interface Traces {
  /** Who asked, or would have. */
  readonly wallet: string
  readonly requestId: string
  readonly requestedAt: string
  /** `null` where even the quote must have left nothing at an acquirer. */
  readonly order: 'offered' | null
}

/** No payment in the lane, no acceptance at an acquirer, no line about one in the log. */
export async function expectNothing({ wallet, order, ...asked }: Traces, net: Network) {
  expect(await refusalOf(net.client(wallet).paymentByRequest(asked))).toBe('PAYMENT_NOT_EXIST')
  const id = await net.idOf(wallet, asked.requestId, asked.requestedAt)
  expect(net.orderState(id)).toBe(order)
  expect(net.tape.all({ paymentId: id })).toEqual([])
}
