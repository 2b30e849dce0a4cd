/** Table of contents of the edge: middleware in order, routes mounted, the API described. */
import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { BODY_MAX } from './domain/signature.ts'
import { Unavailable } from './domain/unavailable.ts'
import { logError } from './log.ts'
import { admits } from './middleware/admits.ts'
import { away, type Door, problem } from './middleware/door.ts'
import { knows } from './middleware/knows.ts'
import { serves, sheds } from './middleware/sheds.ts'
import { signs } from './middleware/signs.ts'
import { verifies } from './middleware/verifies.ts'
import { anchors } from './routes/anchors.ts'
import { codeRules } from './routes/code-rules.ts'
import { codes } from './routes/codes.ts'
import { consumerCodes } from './routes/consumer-codes.ts'
import { deadLetters } from './routes/dead-letters.ts'
import { describeApi } from './routes/document.ts'
import { events } from './routes/events.ts'
import { limits } from './routes/limits.ts'
import { metrics } from './routes/metrics.ts'
import { opsAlerts } from './routes/ops-alerts.ts'
import { opsAudit } from './routes/ops-audit.ts'
import { opsChanges } from './routes/ops-changes.ts'
import { opsDeadLetters } from './routes/ops-dead-letters.ts'
import { opsJournal } from './routes/ops-journal.ts'
import { opsLimits } from './routes/ops-limits.ts'
import { opsMonitor } from './routes/ops-monitor.ts'
import { opsNetwork } from './routes/ops-network.ts'
import { opsPayments } from './routes/ops-payments.ts'
import { opsPlans } from './routes/ops-plans.ts'
import { opsProjection } from './routes/ops-projection.ts'
import { opsReports } from './routes/ops-reports.ts'
import { orders } from './routes/orders.ts'
import { outcomes } from './routes/outcomes.ts'
import { pageOf } from './routes/page.ts'
import { paymentList } from './routes/payment-list.ts'
import { payments } from './routes/payments.ts'
import { quotes } from './routes/quotes.ts'
import { rates } from './routes/rates.ts'
import { receipts } from './routes/receipts.ts'
import { refunds } from './routes/refunds.ts'
import { signIn } from './routes/sign-in.ts'
import { wellKnown } from './routes/well-known.ts'

export const app = new OpenAPIHono<Door>()

app.route('/', wellKnown)
describeApi(app)

app.use('/v1/*', signs, sheds)
app.use(
  '/v1/*',
  bodyLimit({ maxSize: BODY_MAX, onError: c => problem(c as never, { code: 'BODY_TOO_LARGE' }) }),
)
app.use('/v1/*', knows, verifies, serves)
app.route('/', codes)
app.route('/', codeRules)
app.route('/', quotes)
app.route('/', payments)
app.route('/', outcomes)
app.route('/', receipts)
app.route('/', refunds)
app.route('/', consumerCodes)
app.route('/', orders)
app.route('/', rates)
app.route('/', limits)
app.route('/', deadLetters)
app.route('/', paymentList)
app.route('/', events)
app.route('/', anchors)

app.use(
  '/ops/*',
  bodyLimit({ maxSize: BODY_MAX, onError: c => problem(c as never, { code: 'BODY_TOO_LARGE' }) }),
)
app.use('/ops/*', admits, knows)
app.use('/metrics', admits, knows)
app.route('/', signIn)
app.route('/', opsNetwork)
app.route('/', opsLimits)
app.route('/', opsMonitor)
app.route('/', opsAlerts)
app.route('/', metrics)
app.route('/', opsPayments)
app.route('/', opsJournal)
app.route('/', opsDeadLetters)
app.route('/', opsProjection)
app.route('/', opsChanges)
app.route('/', opsPlans)
app.route('/', opsAudit)
app.route('/', opsReports)

app.notFound(async c => (await pageOf(c)) ?? problem(c, { code: 'NOT_FOUND' }))

app.onError((error, c) => {
  if (error instanceof HTTPException && error.status in unreadable) {
    const says = unreadable[error.status as keyof typeof unreadable]
    return problem(c, { code: 'PARAM_ILLEGAL', detail: { says } })
  }
  const line = {
    log: 'failed',
    error: String(error),
    path: c.req.path,
    request: c.get('requestId'),
    trace: c.get('trace'),
  }
  logError(line)
  if (!(error instanceof Unavailable)) return problem(c, { code: 'INTERNAL' })
  return away(c, error.overloaded ? 'BUSY' : 'CENTER_UNAVAILABLE')
})

/** What the framework refuses before a schema sees the body, by the status it would give. */
const unreadable = {
  400: 'The body is no JSON.',
  415: 'The content type is not application/json.',
} as const
