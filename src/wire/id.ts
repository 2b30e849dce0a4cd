/** Ids of the gateway's own, and the closed list of result codes. */
import { z } from '@hono/zod-openapi'
import { resultCodes } from '../domain/refusal.ts'

export const resultCodeSchema = z
  .enum(Object.keys(resultCodes) as [keyof typeof resultCodes])
  .openapi('ResultCode', { description: 'Closed list; codes are added, never renamed' })

export const paymentIdSchema = z
  .string()
  .regex(/^pay_[0-9a-z]{32}$/, 'pay_ and 32 letters')
  .openapi({ example: 'pay_08000sg0041g62gh30fjcb9m7d14jm2q' })

export const refundIdSchema = z
  .string()
  .regex(/^rfd_[0-9a-z]{34}$/, 'rfd_ and 34 letters')
  .openapi({
    description: "Carries the payment's own id",
    example: 'rfd_08000sg0041g62gh30fjcb9m7d14jm2q00',
  })
