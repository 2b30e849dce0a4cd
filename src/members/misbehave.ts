/** What each fault does to one call. An honest member is the same call without a fault. */
import type { Handlers, Question } from '../sdk/index.ts'
import type { Fault } from './faults.ts'
import type { Outcome } from './server.ts'

type Receiver = (request: Request) => Promise<Response>

/** The member as it is, and as its faults make it. */
export interface Selves {
  readonly honest: Receiver
  /** Answers truly under a key that is not the member's. */
  readonly stranger: Receiver
  readonly garbling: Receiver
  readonly flipping: Receiver
  refusing(code: string): Receiver
}

export async function answerWith(
  fault: Fault | null,
  request: Request,
  selves: Selves,
  pause: (ms: number) => Promise<void>,
): Promise<Outcome> {
  const waitMs = fault?.durationMs ?? 0
  switch (fault?.name) {
    case undefined:
      return selves.honest(request)
    case 'silent':
    case 'down':
      return 'silence'
    case 'slow':
      await pause(waitMs)
      return selves.honest(request)
    case 'late': {
      const answer = await selves.honest(request)
      await pause(waitMs)
      return answer
    }
    case 'refuse':
      return selves.refusing(fault.code ?? 'DECLINED')(request)
    case 'error':
      return new Response('<h1>500 Internal Server Error</h1>', {
        status: 500,
        headers: { 'content-type': 'text/html' },
      })
    case 'garbage':
      return selves.garbling(request)
    case 'forged':
      return selves.stranger(request)
    case 'drop-answer':
      await selves.honest(request)
      return 'hang_up'
    case 'flip':
      return selves.flipping(request)
  }
}

type AnyHandler = (asked: object) => Promise<object | undefined>

const each = (handlers: Handlers, make: (handler: AnyHandler) => AnyHandler): Handlers =>
  Object.fromEntries(
    Object.entries(handlers).map(([question, handler]) => [
      question as Question,
      make(handler as AnyHandler),
    ]),
  )

/** Well-formed JSON under a good signature, and nothing the gateway could use. */
export const garbled = (handlers: Handlers): Handlers =>
  each(handlers, () => async () => ({ result: 'maybe', reference: 42 }))

/** Every other answer is the contrary of the truth; the book always holds the truth. */
export function flipped(handlers: Handlers): Handlers {
  let calls = 0
  return each(handlers, handler => async asked => {
    const truth = await handler(asked)
    calls += 1
    return calls % 2 === 1 ? truth : contraryOf(truth)
  })
}

const contraryOf = (truth: object | undefined): object =>
  truth !== undefined && 'result' in truth && truth.result === 'S'
    ? { result: 'F', code: 'DECLINED' }
    : { result: 'S', reference: 'flip' }
