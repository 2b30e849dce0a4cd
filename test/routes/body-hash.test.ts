/** The shapes that are hashed, held together with the version that says which shapes they are. */
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { BODY_VERSION } from '../../src/domain/body-hash.ts'
import { bodyHashOf } from '../../src/routes/body-hash.ts'
import { chargeRequestSchema, codesRequestSchema } from '../../src/wire/consumer-code.ts'
import {
  cancelRequestedSchema,
  cancelRequestSchema,
  payRequestSchema,
} from '../../src/wire/payment.ts'
import { refundRequestSchema } from '../../src/wire/refund.ts'

const hashed = {
  payRequestSchema,
  chargeRequestSchema,
  cancelRequestSchema,
  cancelRequestedSchema,
  refundRequestSchema,
  codesRequestSchema,
}

/** What decides which text is hashed: names, their order, defaults. Descriptions and bounds do not. */
const told = new Set(['properties', 'default', 'anyOf', 'oneOf', 'items', 'type'])

function shapeOf(schema: unknown, isNames = false): unknown {
  if (Array.isArray(schema)) return schema.map(each => shapeOf(each))
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.entries(schema)
    .filter(([name]) => isNames || told.has(name))
    .map(([name, value]) => [name, shapeOf(value, name === 'properties')])
}

it('changes no shape of a body that is hashed without raising the version', () => {
  const shapes = Object.entries(hashed).map(([name, schema]) => [
    name,
    shapeOf(z.toJSONSchema(schema, { io: 'output' })),
  ])
  const print = createHash('sha256').update(JSON.stringify(shapes)).digest('hex').slice(0, 16)
  const says =
    'a hashed shape changed: raise BODY_VERSION in src/domain/body-hash.ts, then pin both'
  expect(`${BODY_VERSION}:${print}`, says).toBe('2:eaecee7ed624e743')
})

it('hashes what is said, not how it is written, and says which version of the shapes it read', async () => {
  const read = (text: string) => bodyHashOf(refundRequestSchema.parse(JSON.parse(text)))
  const hash = await read('{"requestId":"r","amount":{"currency":"CNY","minor":"100"}}')
  expect(hash).toMatch(new RegExp(`^${BODY_VERSION}:[0-9a-f]{64}$`))
  expect(await read('{ "amount": {"minor":"100","currency":"CNY"}, "requestId": "r" }')).toBe(hash)
  expect(await read('{"requestId":"r","amount":{"currency":"CNY","minor":"101"}}')).not.toBe(hash)
})
