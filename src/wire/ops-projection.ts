/** How far a center's projection has its lanes, and what a replay of it does. */
import { z } from '@hono/zod-openapi'
import { REPLAY_LANES } from '../domain/projection-replay.ts'

export const projectionReplaySchema = z
  .strictObject({
    center: z.string(),
    lanes: z.int().openapi({ description: `Lanes that were asked, ${REPLAY_LANES} at the most` }),
    rewound: z.int().openapi({ description: 'Of those, the ones that tell again what is missing' }),
    behind: z.int().openapi({
      description: 'Events that the journals of these lanes have and the projection does not',
    }),
    unreached: z.array(z.string()).openapi({ description: 'Lanes that did not answer; ask again' }),
    next: z
      .string()
      .nullable()
      .openapi({ description: 'Send as `after` to go on; null at the end' }),
  })
  .openapi('ProjectionReplay')

export type ProjectionReplayView = z.infer<typeof projectionReplaySchema>
