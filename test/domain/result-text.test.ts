import { describe, expect, it } from 'vitest'
import { type ResultCode, responderCodes, resultCodes } from '../../src/domain/refusal.ts'
import { type Language, languages, resultTable, textOf } from '../../src/domain/result-text.ts'

const codes = Object.keys(resultCodes) as ResultCode[]
const all = Object.keys(languages) as Language[]
/** Letters that a language is written in. */
const letters: Record<Language, RegExp> = {
  en: /^[\x20-\x7e]+$/,
  zh: /\p{Script=Han}/u,
  th: /\p{Script=Thai}/u,
  ms: /^[\x20-\x7e]+$/,
  id: /^[\x20-\x7e]+$/,
  vi: /[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]/i,
}

describe('the texts of the result codes', () => {
  it('are there for every code, in six languages, for cashier and traveller', () => {
    expect(resultTable().map(({ code }) => code)).toEqual(codes)
    for (const code of codes) {
      for (const language of all) {
        for (const text of Object.values(textOf(code, language))) {
          expect([code, language, text.length > 3 && text.length <= 110]).toEqual([
            code,
            language,
            true,
          ])
        }
      }
    }
  })

  it.each(all)('are written in the letters of %s', language => {
    for (const code of codes) {
      const { cashier, traveller } = textOf(code, language)
      expect(cashier).toMatch(letters[language])
      expect(traveller).toMatch(letters[language])
    }
  })

  it('never tell a cashier to hand over goods but on success', () => {
    for (const code of codes) {
      const goes = textOf(code, 'en').cashier.includes('Hand over')
      expect([code, goes]).toEqual([code, code === 'SUCCESS'])
    }
  })

  it('never say that a payment failed where its outcome is unknown', () => {
    for (const code of codes) {
      if (resultCodes[code].outcome !== 'U') continue
      expect(textOf(code, 'en').traveller).not.toMatch(/failed|declined|not charged/i)
    }
  })
})

it('what a responder says no with never looks like a success when it refuses a call', () => {
  for (const code of responderCodes)
    expect(resultCodes[code].http, code).toBeGreaterThanOrEqual(400)
})
