import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { families } from '../../src/codes/families.ts'
import { readCode } from '../../src/codes/read.ts'
import { summaryOf } from '../../src/codes/summary.ts'
import { writeCode } from '../../src/codes/write.ts'
import { inputs, readOnly } from './inputs.ts'

// Vectors are committed: a change of what is written or read shows as a difference.
// To make them anew after a change that was meant: WRITE_VECTORS=1 npx vitest run
// test/codes/families
const place = join(import.meta.dirname, '../vectors/codes/families.json')

const vectors = inputs.map(([family, shows, input]) => {
  const written = writeCode(input)
  const payload = written.ok ? written.payload : ''
  return { family, shows, payload, reads: summaryOf(readCode(payload)) }
})
for (const [family, { payload, why }] of Object.entries(readOnly)) {
  vectors.push({ family, shows: why, payload, reads: summaryOf(readCode(payload)) })
}
if (process.env.WRITE_VECTORS) writeFileSync(place, `${JSON.stringify(vectors, null, 2)}\n`)
const committed = existsSync(place) ? JSON.parse(readFileSync(place, 'utf8')) : []

describe('the table of families', () => {
  it('has a vector for each row', () => {
    const shown = new Set(vectors.map(each => each.family))
    // Generic merchant codes are what is left, and the Ukrainian one is named but not paid.
    const rest = families.map(row => row.id).filter(id => !shown.has(id))
    expect(rest).toEqual(['emv-generic', 'ua-nbu'])
  })

  it('names each family once', () => {
    const ids = families.map(row => row.id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(families.map(row => [row.id, row] as const))(
    'says where the facts of %s are from',
    (_, row) => {
      expect(row.source).not.toBe('')
      if (row.key !== null && row.marks.length > 0) {
        const names = row.marks.flatMap(mark => Object.keys(mark.fields))
        expect(names.includes(row.key.field) || row.rules.length > 0).toBe(true)
      }
    },
  )
})

describe('a written code', () => {
  it.each(inputs)(
    'of %s (%s) is read as the same family, valid and payable',
    (family, _, input) => {
      const written = writeCode(input)
      expect(written).toMatchObject({ ok: true })
      const reading = readCode(written.ok ? written.payload : '')
      expect(reading.errors).toEqual([])
      expect(reading.families.map(each => each.id)).toContain(family)
      expect(reading.payable).toBe(!family.endsWith('-transit'))
    },
  )

  it('is the committed vector, and reads as it did', () => {
    expect(vectors).toEqual(committed)
  })
})
