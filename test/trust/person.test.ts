import { describe, expect, it } from 'vitest'
import { type Document, personKeys, personOf } from '../../src/trust/person.ts'

const secret = (n: number) => Buffer.alloc(32, n).toString('base64')
const keys = personKeys({ '2025': secret(1), '2027': secret(2) })
const passport: Document = { type: 'passport', number: 'AA 123-4567', country: 'TH' }

const person = (wallet: string, reference: string, document: Document | null, by = keys) =>
  personOf(wallet, { reference, document }, by)
const token = async (...about: Parameters<typeof person>) =>
  (await person(...about)).tokens.at(-1)?.token

describe('a person', () => {
  it('is the same in every wallet, however the document is typed', async () => {
    const said = await token('wallet-th', 'user-1', passport)
    for (const number of ['AA1234567', 'aa1234567', 'ＡＡ１２３４５６７', 'AA.123 4567']) {
      expect(await token('wallet-my', 'user-9', { ...passport, number })).toBe(said)
    }
  })

  it('is another by another document, type or country', async () => {
    const said = [
      await token('wallet-th', 'user-1', passport),
      await token('wallet-th', 'user-1', { ...passport, number: 'AA1234568' }),
      await token('wallet-th', 'user-1', { ...passport, type: 'id_card' }),
      await token('wallet-th', 'user-1', { ...passport, country: 'MY' }),
      await token('wallet-th', 'user-1', null),
      await token('wallet-my', 'user-1', null),
      await token('wallet-th', 'user-2', null),
      // What a wallet calls its user can never pass for a document.
      await token('passport', 'TH\nAA1234567', null),
    ]
    expect(new Set(said).size).toBe(said.length)
  })

  it('is known only by a document', async () => {
    expect(await person('wallet-th', 'user-1', passport)).toMatchObject({ isKnown: true })
    expect(await person('wallet-th', 'user-1', null)).toMatchObject({ isKnown: false })
  })

  it('has a token by each key that is held, the newest year first, none of which shows the document', async () => {
    const { tokens } = await person('wallet-th', 'user-1', passport)
    expect(tokens.map(({ from }) => from)).toEqual([2027, 2025])
    expect(new Set(tokens.map(each => each.token)).size).toBe(2)
    for (const each of tokens) expect(each.token).toMatch(/^[0-9a-f]{32}$/)
    const other = personKeys({ '2025': secret(3) })
    expect(await token('wallet-th', 'user-1', passport, other)).not.toBe(tokens[1]?.token)
  })

  it('cannot be told without a key', () => {
    expect(() => personKeys({})).toThrow('PERSON_KEYS')
  })
})
