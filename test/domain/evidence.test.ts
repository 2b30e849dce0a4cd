import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fullBase, saidIn, shortBase } from '../../src/domain/evidence.ts'
import type { Message } from '../../src/domain/payment.ts'
import { refundId } from '../../src/domain/payment-id.ts'
import { play } from './play.ts'
import { terms } from './terms.ts'

const question = [
  '"@method": POST',
  '"@target-uri": https://gateway.example/v1/payments',
  '"cpg-institution": wallet-th',
  '"content-digest": sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
  '"@signature-params": ("@method" "@target-uri" "cpg-institution" "content-digest");created=1790000000;keyid="wallet-th-1";alg="ed25519"',
].join('\n')
const answer = [
  '"@status": 200',
  '"cpg-institution": acquirer-cn',
  '"content-digest": sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
  '"signature";req;key="cpg": :43tph3cNRDNJzynOTSRxSl06NbHr+/==:',
  '"@signature-params": ("@status" "cpg-institution" "content-digest" "signature";req;key="cpg");created=1790000000;keyid="acquirer-cn-1";alg="ed25519"',
].join('\n')
const unusual = question.replaceAll('"@method"', '"@authority"').replace('POST', 'gateway.example')

describe('a signature base', () => {
  it.each([
    ['a question of the usual components', question, 195],
    ['an answer of the usual components', answer, 205],
    ['one of others', unusual, unusual.length],
  ])('that is %s comes back byte for byte, and is kept short', (_, base, atMost) => {
    const short = shortBase(base)
    expect(fullBase(short)).toBe(base)
    expect(short.length).toBeLessThanOrEqual(atMost)
  })

  it('comes back whatever stands in it', () => {
    const value = fc.string({ unit: fc.constantFrom(...'q a:";()=\\/.,@-_0') })
    const lines = fc.array(
      value.filter(text => text !== ''),
      { minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(lines, value, (values, tail) => {
        // A base begins with a quote, because its first component is a string.
        const base = values.map((each, at) => `"${at}": ${each}`).join('\n')
        expect(fullBase(shortBase(base))).toBe(base)
        const filled = question.replace('POST', tail).replace(';created', `${tail};created`)
        expect(fullBase(shortBase(filled))).toBe(filled)
      }),
    )
  })

  it('says who signed which bytes under which key, and what was answered', () => {
    const digest = 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:'
    const created = 1_790_000_000
    const by = { institution: 'wallet-th', key: 'wallet-th-1' }
    const asked = { ...by, created, digest, question: null }
    expect(saidIn(shortBase(question))).toEqual(asked)
    expect(saidIn(unusual)).toEqual(asked)
    expect(saidIn(shortBase(answer))).toEqual({
      institution: 'acquirer-cn',
      key: 'acquirer-cn-1',
      created,
      digest,
      question: '43tph3cNRDNJzynOTSRxSl06NbHr+/==',
    })
  })

  it('that is none says nothing', () => {
    const nothing = { institution: null, key: null, created: null, digest: null, question: null }
    for (const text of ['', 'q', 'a\n\n', 'wallet-1', 'q\n\n\n\n\n\n\n\n'])
      expect(Object.values(saidIn(text)).every(value => value === null || value === '')).toBe(true)
    expect(saidIn('nothing')).toEqual(nothing)
  })
})

describe('what a member signed', () => {
  const evidence = { base: 'base', signature: 'signature' }
  const hold = { reference: 'hold-1', key: 'wallet-th-1' }
  const open: Message = { kind: 'open', terms, bodyHash: 'aa', hold, evidence }
  const yes: Message = {
    kind: 'answer',
    verdict: { said: 'accepted', reference: 'acc-1', key: 'acquirer-cn-1', evidence },
  }
  const no: Message = { kind: 'answer', verdict: { said: 'refused', code: 'DECLINED', evidence } }
  const confirm: Message = { kind: 'answer', verdict: { said: 'user_must_confirm', evidence } }
  const cpm: Message = { ...open, terms: { ...terms, presentment: 'cpm' } }

  const amount = { currency: 'CNY', minor: 100n }
  const refund: Message = { kind: 'refund', requestId: 'r', bodyHash: 'r', amount, evidence }
  const answered = (said: 'refunded' | 'failed' | 'unapplied'): Message => ({
    kind: 'refund_answer',
    refund: refundId(terms.paymentId, 0),
    answer: { said, reference: 'r-1', code: 'DECLINED', evidence },
  })

  it.each<[string, [Message, number][]]>([
    ['opened', [[open, 0]]],
    [
      'committed',
      [
        [open, 0],
        [yes, 1],
      ],
    ],
    [
      'aborted',
      [
        [open, 0],
        [no, 1],
      ],
    ],
    [
      'user_asked',
      [
        [cpm, 0],
        [confirm, 1],
      ],
    ],
    [
      'late_acceptance',
      [
        [open, 0],
        [no, 1],
        [yes, 2],
      ],
    ],
    [
      'cancel_asked',
      [
        [open, 0],
        [yes, 1],
        [{ kind: 'cancel', requestId: 'c', bodyHash: 'c', evidence }, 2],
      ],
    ],
    [
      'refund_queued',
      [
        [open, 0],
        [yes, 1],
        [refund, 2],
      ],
    ],
    ...(['refunded', 'failed', 'unapplied'] as const).map((said): [string, [Message, number][]] => [
      said === 'refunded' ? 'refund_done' : `refund_${said}`,
      [
        [open, 0],
        [yes, 1],
        [refund, 2],
        [answered(said), 3],
      ],
    ]),
  ])('is kept in the event it made, %s, and nowhere in the payment', (type, steps) => {
    const { payment, events } = play(...steps)
    expect(events.filter(event => event.type === type)).toMatchObject([{ evidence }])
    expect(JSON.stringify(payment, text)).not.toContain('signature')
  })
})

const text = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
