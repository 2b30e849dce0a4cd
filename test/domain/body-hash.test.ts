/** A repeated request is told from another one by the hash of its body, and a release in between changes no answer. */
import { describe, expect, it } from 'vitest'
import { isSameBody } from '../../src/domain/body-hash.ts'
import { decide, type Message } from '../../src/domain/payment.ts'
import { play, T0 } from './play.ts'
import { terms } from './terms.ts'

const hold = { reference: 'hold-1', key: 'wallet-th-1' }
const yes: Message = {
  kind: 'answer',
  verdict: { said: 'accepted', reference: 'a', key: 'k' },
}
const amount = { currency: 'CNY', minor: 100n }

/** Every message that is told from another by its body. */
const requests: Record<string, (bodyHash: string) => Message> = {
  opening: bodyHash => ({ kind: 'open', terms, bodyHash, hold }),
  cancel: bodyHash => ({ kind: 'cancel', requestId: 'cancel-1', bodyHash }),
  refund: bodyHash => ({ kind: 'refund', requestId: 'refund-1', bodyHash, amount }),
}

// biome-ignore format: a table is read by column
const again = [
  ['the same body',                     '1:aa', '1:aa', true],
  ['another body',                      '1:aa', '1:ab', false],
  ['a body as another release reads it', '1:aa', '2:ab', true],
  ['a body as an older release reads it', '12:aa', '1:aa', true],
  ['another body of before versions',   'aa',   'ab',   false],
] as const

describe('a request that comes again', () => {
  it.each(again)('with %s', (_, first, second, same) => {
    expect(isSameBody(first, second)).toBe(same)
    for (const [kind, request] of Object.entries(requests)) {
      const before =
        kind === 'opening'
          ? []
          : ([
              [requests.opening!('1:xx'), 0],
              [yes, 1],
            ] as const)
      const { payment } = play(...(before as [Message, number][]), [request(first), 2])
      const decided = decide(payment, request(second), T0 + 3)
      const code = decided.ok ? 'OK' : decided.refusal.code
      expect(`${kind} ${code}`).toBe(`${kind} ${same ? 'OK' : 'REPEAT_REQ_INCONSISTENT'}`)
    }
  })
})
