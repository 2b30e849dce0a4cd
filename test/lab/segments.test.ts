/** The pieces in which a payload is shown: all of it, nothing twice, each with its field. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCode } from '../../src/codes/index.ts'
import { segmentsOf } from '../../src/lab/segments.ts'
import { shown } from '../../src/lab/shown.ts'

const vectors: { family: string; shows: string; payload: string }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../vectors/codes/families.json'), 'utf8'),
)

describe('segments', () => {
  it.each(vectors)('cover the whole $family code, $shows', ({ payload }) => {
    const segments = segmentsOf(payload, readCode(payload).tree)
    expect(segments.map(({ from, to }) => payload.slice(from, to)).join('')).toBe(payload)
    for (const { from, to, node, part } of segments) {
      if (part === 'value') expect([node!.to >= to, node!.from <= from]).toEqual([true, true])
    }
  })

  it('give what could not be read no field', () => {
    const payload = '0002015303'
    expect(segmentsOf(payload, readCode(payload).tree)).toMatchObject([
      { from: 0, to: 4, part: 'head', node: { id: '00' } },
      { from: 4, to: 6, part: 'value' },
      { from: 6, to: 10, part: 'rest', node: null },
    ])
  })
})

it.each([
  ['line breaks', 'a\r\nb\nc', 'a↵b↵c'],
  ['control characters', 'a\u0000\u001bb', 'a␀␛b'],
  ['characters that turn the direction', 'a\u202eb', 'a⟨202E⟩b'],
  ['what is invisible', 'a\u200bb', 'a⟨200B⟩b'],
  ['half of a pair', 'a\ud800b', 'a⟨D800⟩b'],
  ['letters of every script', 'ร้านกาแฟ 咖啡', 'ร้านกาแฟ 咖啡'],
])('%s can be seen', (_, text, picture) => {
  expect(shown(text)).toBe(picture)
})
