/** Outcomes: an acquirer says what the file of its switch says, of one payment or of many. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { resultCodes } from '../domain/refusal.ts'
import { receiptFor } from '../flows/duty.ts'
import { type OutcomeOf, reportOutcomes } from '../flows/outcomes.ts'
import { pushVerdict } from '../flows/verdict.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { authorizationSchema } from '../wire/consumer-code.ts'
import { type Outcomes, outcomesRequestSchema, outcomesSchema } from '../wire/outcome.ts'
import { paymentSchema } from '../wire/payment.ts'
import { paymentView } from '../wire/view.ts'
import { writeRefusals } from './refusals.ts'
import { idIn, signed, worldOf } from './route.ts'
import { verdictOf } from './said.ts'

const reportOutcome = createRoute({
  method: 'post',
  path: '/v1/payments/{id}/outcome',
  operationId: 'reportOutcome',
  tags: ['Payments'],
  security: signed,
  summary: "Say what a switch's file says",
  description:
    'By the acquirer of a payment that was deemed, because a single-phase switch stayed silent: a line of its file decides. The answer is the payment as it then is.',
  request: {
    params: idIn,
    body: { required: true, content: { 'application/json': { schema: authorizationSchema } } },
  },
  responses: {
    200: {
      description: 'The payment',
      content: { 'application/json': { schema: paymentSchema } },
    },
    ...writeRefusals('PAYMENT_NOT_EXIST'),
  },
})

const reportFile = createRoute({
  method: 'post',
  path: '/v1/outcomes',
  operationId: 'reportOutcomes',
  tags: ['Payments'],
  security: signed,
  summary: "Send a switch's file, up to 200 lines at a time",
  description:
    'Each line decides its payment or says why it did not, and none waits for another: the answer is 200 whatever the lines became. Sent again, a line that has decided agrees with itself. Payments of which no line ever speaks are aborted at the end of the day after.',
  request: {
    body: { required: true, content: { 'application/json': { schema: outcomesRequestSchema } } },
  },
  responses: {
    200: {
      description: 'What became of each line',
      content: { 'application/json': { schema: outcomesSchema } },
    },
    ...writeRefusals(),
  },
})

export const outcomes = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(reportOutcome, async c => {
    const verdict = verdictOf(c, c.req.valid('json'))
    const { id } = c.req.valid('param')
    const heard = await pushVerdict(c.get('institution'), 'mpm', id, verdict, worldOf(c))
    if (!heard.ok) return problem(c, heard.refusal)
    return c.json(paymentView(heard.value, await receiptFor(heard.value, worldOf(c))), 200)
  })
  .openapi(reportFile, async c => {
    const lines = c.req
      .valid('json')
      .lines.map(line => ({ paymentId: line.paymentId, verdict: verdictOf(c, line) }))
    const said = await reportOutcomes(c.get('institution'), lines, worldOf(c))
    const views = said.map((each, place) => lineView(lines[place]?.paymentId ?? '', each))
    return c.json({ lines: views }, 200)
  })

function lineView(paymentId: string, said: OutcomeOf): Outcomes['lines'][number] {
  const { line } = said
  if (line === 'refused') {
    const { code } = said.refusal
    return { paymentId, line, result: null, status: null, code, retry: resultCodes[code].retry }
  }
  const { status, resultCode: code } = said.payment
  const { outcome, retry } = resultCodes[code]
  return { paymentId, line, result: outcome, status, code, retry }
}
