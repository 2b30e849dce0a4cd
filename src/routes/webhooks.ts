/** What the gateway asks members, for the document: each is a signed POST below the member's endpoint. */
import type { OpenAPIHono, z } from '@hono/zod-openapi'
import {
  acceptAnswerSchema,
  acceptRequestSchema,
  authorizeAnswerSchema,
  authorizeRequestSchema,
  cancelAnswerSchema,
  cancelRequestSchema,
  inquireRequestSchema,
  noticeAnswerSchema,
  noticeSchema,
  orderAnswerSchema,
  orderInquirySchema,
  peerPaths,
  refundAnswerSchema,
  refundOrderSchema,
} from '../wire/peer.ts'

interface Asked {
  readonly path: string
  readonly of: string
  readonly summary: string
  readonly description: string
  readonly body: z.ZodType
  readonly answer: z.ZodType
}

// biome-ignore format: a table is read by column
const asked: Readonly<Record<string, Asked>> = {
  inquireOrder: { path: peerPaths.order, of: 'acquirer', summary: 'What does this code stand for?',
    description: 'Within two seconds. F where there is no such order; U counts as no answer.',
    body: orderInquirySchema, answer: orderAnswerSchema },
  acceptPayment: { path: peerPaths.accept, of: 'acquirer', summary: 'Will you be owed this?',
    description: 'MPM. Within eight seconds, durable before it is answered. Goods go out on the receipt, not on this yes.',
    body: acceptRequestSchema, answer: acceptAnswerSchema },
  authorizePayment: { path: peerPaths.authorize, of: 'wallet', summary: 'Will you pay this for your user?',
    description: 'CPM. Within eight seconds. U with the code USER_ACTION says that the user must confirm; what came of it is then pushed to `/v1/payments/{id}/authorization`.',
    body: authorizeRequestSchema, answer: authorizeAnswerSchema },
  inquirePayment: { path: peerPaths.inquire, of: 'whoever was asked', summary: 'What did you say to this payment?',
    description: 'Every two seconds while the payment is in doubt, every five minutes while it is deemed. U: not known, or not decided yet.',
    body: inquireRequestSchema, answer: acceptAnswerSchema },
  cancelPayment: { path: peerPaths.cancel, of: 'acquirer', summary: 'Undo it, or never do it',
    description: 'Told until it is answered S. Sticky: a request to accept that arrives later is refused.',
    body: cancelRequestSchema, answer: cancelAnswerSchema },
  applyRefund: { path: peerPaths.refund, of: 'wallet', summary: 'Give this to your user',
    description: 'Within eight seconds. The same refundId again gets the same answer. F with the code ACCOUNT_CLOSED keeps the money for its user in another way.',
    body: refundOrderSchema, answer: refundAnswerSchema },
  notice: { path: peerPaths.notice, of: 'either side', summary: 'A decision that you must act on',
    description: 'Told until it is acknowledged with S: after 1, 2, 4, 8, 15, 30, 60 s, 5, 15 min, then every hour; from the eighth attempt on it is a dead letter as well. It is also a Standard Webhook: `webhook-id` is the same in every repetition, `webhook-signature` is v1a under the published key.',
    body: noticeSchema, answer: noticeAnswerSchema },
}

const json = (schema: z.ZodType) => ({ 'application/json': { schema } })

export function describeWebhooks(registry: OpenAPIHono['openAPIRegistry']) {
  for (const [name, { path, of, summary, description, body, answer }] of Object.entries(asked)) {
    registry.registerWebhook({
      method: 'post',
      path: name,
      operationId: `asked-${name}`,
      tags: ['Asked of members'],
      summary,
      description: `\`POST {endpoint}${path}\` of the ${of}. ${description}`,
      request: { body: { required: true, content: json(body) } },
      responses: {
        200: {
          description: 'Signed by the member, and bound to the request',
          content: json(answer),
        },
      },
    })
  }
}
