import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CodeReading } from '../../src/codes/code.ts'
import { readCode } from '../../src/codes/read.ts'

// Real payloads that may not be copied into the repository; they lie beside it on our machines.
const place = join(import.meta.dirname, '../../../shared/qr/samples.json')

interface Sample {
  readonly id: string
  readonly payload: string
  readonly kind: string
  readonly valid: boolean
  readonly expect: Readonly<Record<string, unknown>>
  readonly warnings?: readonly string[]
}

if (!existsSync(place)) {
  console.log('samples.test.ts: no ../shared/qr/samples.json here, so real samples are not checked')
}
const samples: readonly Sample[] = existsSync(place) ? JSON.parse(readFileSync(place, 'utf8')) : []

describe.skipIf(samples.length === 0)('a real code', () => {
  it.each(samples.map(sample => [sample.id, sample] as const))(
    '%s reads as expected',
    (_, sample) => {
      const reading = readCode(sample.payload)
      expect(reading.valid, JSON.stringify(reading.errors)).toBe(sample.valid)
      expect(reading.payable).toBe(sample.valid && sample.expect.payable !== false)
      if (!sample.valid) return
      expect(reading.kind).toBe(sample.kind)
      checkFamilies(reading, sample)
      for (const [field, value] of Object.entries(stated(reading))) {
        if (sample.expect[field] !== undefined) expect(value, field).toBe(sample.expect[field])
      }
      for (const warning of sample.warnings ?? []) expect(reading.warnings).toContain(warning)
    },
  )
})

function checkFamilies(reading: CodeReading, { expect: wanted }: Sample): void {
  const ids = reading.families.map(each => each.id)
  const any = (wanted.schemeAny ?? [wanted.scheme]) as readonly string[]
  expect(
    any.some(id => ids.includes(id)),
    `${any} in ${ids}`,
  ).toBe(true)
}

const stated = (reading: CodeReading): Record<string, unknown> => ({
  country: reading.country,
  currency: reading.currency,
  amount: reading.amount,
  merchantName: reading.merchantName,
  merchantNameLocal: reading.merchantNameLocal,
  merchantCity: reading.merchantCity,
  mcc: reading.mcc,
  postalCode: reading.postalCode,
  pointOfInitiation: reading.initiation,
  expiresAtMs: reading.expiresAtMs,
})
