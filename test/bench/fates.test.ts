import { describe, expect, it } from 'vitest'
import { Fates, fateOf } from './fates.ts'

const reply = (status: number, body: unknown) => ({
  status,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})

describe('what became of a call', () => {
  // biome-ignore format: a table is read by column
  it.each([
    ['committed',          reply(200, { status: 'committed' })],
    ['pending',            reply(200, { status: 'pending' })],
    ['BUSY',               reply(503, { status: 503, code: 'BUSY' })],
    ['CENTER_UNAVAILABLE', reply(503, { status: 503, code: 'CENTER_UNAVAILABLE' })],
    ['HTTP 502',           reply(502, '<html>')],
    ['HTTP 503',           reply(503, 'null')],
    ['no answer',          null],
  ])('is %s where its answer says so', (fate, heard) => {
    expect(fateOf(heard)).toBe(fate)
  })

  it('is summed for each fate by itself, so that none hides how long another took', () => {
    const fates = new Fates()
    for (const latency of [30, 10, 20]) fates.heard(reply(503, { code: 'BUSY' }), latency)
    fates.heard(reply(503, { code: 'CENTER_UNAVAILABLE' }), 4_000)
    expect(fates.all()).toEqual([
      ['BUSY', { count: 3, p50: 20, p95: 20 }],
      ['CENTER_UNAVAILABLE', { count: 1, p50: 4_000, p95: 4_000 }],
    ])
  })
})
