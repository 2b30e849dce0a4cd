/** Anchors as members see them: one hash for all journals of a center, small enough to be kept by anybody. */
import { z } from '@hono/zod-openapi'
import { instantSchema } from './money.ts'

const anchorSchema = z
  .strictObject({
    center: z.string().openapi({ example: 'hk' }),
    number: z.int().openapi({ description: 'Counts up by one for each center' }),
    at: instantSchema,
    hash: z.string().openapi({
      description:
        'SHA-256, hex, over the anchor before it and the heads of the journals that moved since',
      example: '4ae2630307fe77f5542fca7164e82336b6fa23ef586d51942b83721519db68ec',
    }),
  })
  .openapi('Anchor')

export const anchorListSchema = z
  .strictObject({
    data: z.array(anchorSchema).openapi({ description: 'The newest one of each center' }),
    missing: z.array(z.string()).openapi({ description: 'Centers that could not be asked' }),
  })
  .openapi('AnchorList')

export type AnchorList = z.infer<typeof anchorListSchema>
