/** Receipts: of one committed payment, for paper and screens. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { assert } from '../domain/result.ts'
import { modulesOf, svgOf } from '../draw/symbol.ts'
import { receiptFor } from '../flows/duty.ts'
import { readPayment } from '../flows/read.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { receiptSchema } from '../wire/receipt.ts'
import { readRefusals } from './refusals.ts'
import { idIn, signed, worldOf } from './route.ts'

const getReceipt = createRoute({
  method: 'get',
  path: '/v1/payments/{id}/receipt',
  operationId: 'getReceipt',
  tags: ['Payments'],
  security: signed,
  summary: 'Read the receipt of a committed payment, also as a QR code',
  description:
    'Anyone who has the published keys can verify it, without any line: `cpg receipt verify`. The same each time it is asked for, as long as the payment stays committed and the gateway signs under the same key.',
  request: { params: idIn },
  responses: {
    200: {
      description: 'The receipt',
      content: { 'application/json': { schema: receiptSchema } },
    },
    ...readRefusals('PAYMENT_NOT_EXIST', 'RECEIPT_NOT_EXIST'),
  },
})

export const receipts = new OpenAPIHono<Door>({ defaultHook: malformed }).openapi(
  getReceipt,
  async c => {
    const { id } = c.req.valid('param')
    const world = worldOf(c)
    const found = await readPayment(c.get('institution'), id, 0, world)
    if (!found.ok) return problem(c, found.refusal)
    const receipt = await receiptFor(found.value, world)
    if (receipt === null) return problem(c, { code: 'RECEIPT_NOT_EXIST' })
    // The lowest level of correction: paper that is handed over is not scratched, and fewer modules print larger.
    const modules = modulesOf(receipt, 'low')
    assert(modules !== null, 'a receipt fits into a symbol')
    return c.json({ paymentId: id, receipt, qr: svgOf(modules) }, 200)
  },
)
