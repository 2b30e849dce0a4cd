import { describe, expect, it } from 'vitest'
import { outlineOf } from '../../src/codes/outline.ts'
import { readCode } from '../../src/codes/read.ts'
import { summaryOf } from '../../src/codes/summary.ts'
import { writeCode } from '../../src/codes/write.ts'
import { inputs } from './inputs.ts'
import { brokenInvariant } from './invariants.ts'
import { hostilePayload, randomFrom } from './mutations.ts'

const pool = inputs.map(([, , input]) => {
  const written = writeCode(input)
  return written.ok ? written.payload : ''
})

describe('a hostile payload', () => {
  it('breaks nothing, twenty thousand times', () => {
    const random = randomFrom(7)
    for (let count = 0; count < 20_000; count++) {
      const payload = hostilePayload(random, pool)
      const broken = brokenInvariant(payload, count % 8 === 0)
      if (broken !== null) expect.fail(`${broken}: ${JSON.stringify(payload)}`)
    }
  })

  it.each(pool.map((payload, index) => [inputs[index]?.[0], payload]))(
    'made by cutting a code of %s anywhere breaks nothing',
    (_, payload) => {
      for (let end = 0; end < payload.length; end++) {
        expect(brokenInvariant(payload.slice(0, end), true)).toBeNull()
      }
    },
  )

  it('of 64 KiB is read, and one character more is refused', () => {
    expect(readCode('7'.repeat(65_537)).errors).toEqual([{ code: 'too-long' }])
    expect(readCode('7'.repeat(65_536)).errors).toEqual([{ code: 'unknown-code' }])
  })

  // Each was chosen to be the worst case of one scanner.
  it.each([
    ['digits', '0002019999'.repeat(6500)],
    ['empty fields', '0000'.repeat(16_000)],
    ['parameters', `upi://pay?${'a=b&'.repeat(16_000)}`],
    ['wrapped codes', `https://a.example/${'000201&'.repeat(9000)}`],
    ['percent signs', `https://a.example/${'%'.repeat(65_000)}`],
    ['lines', `SPC\n${'\n'.repeat(65_000)}x`],
    ['stars', `SPD*1.0*${'*'.repeat(65_000)}x`],
    ['bars', `K:PR|V:01|${'A:|'.repeat(20_000)}`],
    ['brackets', `{"TYP":${'['.repeat(65_000)}`],
    ['base64', `hQVDUFYw${'Y'.repeat(65_000)}`],
    ['surrogates', `000201${'\ud83d'.repeat(65_000)}`],
    ['semicolons', `C1${';'.repeat(65_000)}`],
  ])('of 64 KiB of %s takes no longer than a blink', (_, payload) => {
    expect(brokenInvariant(payload, true)).toBeNull()
  })

  it.each([
    '4111111111111111',
    '5500005555555559',
    '378282246310005',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
  ])('that looks like the card %s is refused and not echoed', card => {
    const reading = readCode(card)
    expect(reading.errors).toEqual([{ code: 'card-number' }])
    expect(JSON.stringify([summaryOf(reading), reading, reading.tree])).not.toContain(card)
    expect(outlineOf(reading)).not.toContain(card)
  })

  it('cannot steer a terminal by the name it gives itself', () => {
    const reading = readCode('upi://pay?pa=a@b&pn=Shop%1B%5B2J%E2%80%AEevil')
    expect(reading.warnings).toEqual(expect.arrayContaining(['control-character', 'bidi-control']))
    expect(outlineOf(reading)).toContain('Shop\\u{1b}[2J\\u{202e}evil')
  })

  it('is told when its name mixes alphabets that look alike', () => {
    expect(readCode('upi://pay?pa=a@b&pn=P%D0%B0yP%D0%B0l').warnings).toContain('look-alike-name')
    expect(readCode('upi://pay?pa=a@b&pn=%E3%82%AB%E3%83%95%E3%82%A7 A').warnings).toEqual([])
  })
})
