/** Under which trace a member is called: its payment's, or that of the request which wants to know something. */
import type { Payment } from '../domain/payment.ts'
import type { PostPorts } from './post.ts'

/** Whoever calls on behalf of a payment does so under its trace, however much later and wherever. */
export const traced = (ports: PostPorts, { trace }: Payment): PostPorts =>
  trace === undefined ? ports : { ...ports, trace }
