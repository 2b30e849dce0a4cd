import { describe, expect, it } from 'vitest'
import { createFaults, type Fault, faultKinds, readFault } from '../../src/members/faults.ts'

const plain: Fault = { name: 'silent', path: null, durationMs: null, code: null, left: null }

describe('the words of a fault', () => {
  it.each<[string, Partial<Fault>]>([
    ['silent', {}],
    ['slow 10s', { name: 'slow', durationMs: 10_000 }],
    ['late 500ms accept x3', { name: 'late', durationMs: 500, path: 'accept', left: 3 }],
    ['late x3 accept 2m', { name: 'late', durationMs: 120_000, path: 'accept', left: 3 }],
    ['refuse', { name: 'refuse' }],
    ['refuse RISK_REJECT order', { name: 'refuse', code: 'RISK_REJECT', path: 'order' }],
    [' drop-answer  notice ', { name: 'drop-answer', path: 'notice' }],
    ['down', { name: 'down' }],
  ])('%s', (words, want) => {
    expect(readFault(words)).toEqual({ ...plain, ...want })
  })

  it.each([
    ['', '"" is no fault'],
    ['toString', '"toString" is no fault'],
    ['slow', 'slow needs a duration'],
    ['silent 10s', 'silent takes no duration'],
    ['error DECLINED', 'error takes no code'],
    ['silent x0', '"x0" is no duration'],
    ['silent rebate', '"rebate" is no duration'],
    ['down accept', 'down is for every call'],
    ['down x2', 'down is for every call'],
  ])('"%s" are refused with a sentence', (words, says) => {
    expect(readFault(words)).toContain(says)
  })
})

describe('faults in force', () => {
  const none = async () => {}

  it('are taken at their question only, as often as they were set', async () => {
    const faults = createFaults(none)
    await faults.add('silent accept x2')
    expect(faults.take('/payments/inquire')).toBeNull()
    expect(faults.take('/payments/accept')?.name).toBe('silent')
    expect(faults.list()).toMatchObject([{ left: 1 }])
    expect(faults.take('/cpg/payments/accept')?.name).toBe('silent')
    expect(faults.take('/payments/accept')).toBeNull()
    expect(faults.list()).toEqual([])
  })

  it('without a count stay until they are lifted, the oldest first', async () => {
    const faults = createFaults(none)
    await faults.add('error')
    await faults.add('garbage')
    expect([1, 2, 3].map(() => faults.take('/notices')?.name)).toEqual(['error', 'error', 'error'])
    await faults.clear()
    expect(faults.take('/notices')).toBeNull()
  })

  it('tell when connections are to be refused, and when no longer', async () => {
    const heard: boolean[] = []
    const faults = createFaults(async down => void heard.push(down))
    await faults.add('down')
    await faults.clear()
    expect(heard).toEqual([true, false])
  })

  it('cannot be nonsense', async () => {
    await expect(createFaults(none).add('sulk')).rejects.toThrow(Object.keys(faultKinds).join(', '))
  })
})
