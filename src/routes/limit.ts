/** How many rows of a list: bounded, because each is read, packed and signed. */
import { z } from '@hono/zod-openapi'

export const limitSchema = z.coerce
  .number()
  .int()
  .min(1)
  .max(200)
  .default(50)
  .openapi({ description: 'Rows at the most, 1 to 200' })
