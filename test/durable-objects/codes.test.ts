import { describe, expect, it } from 'vitest'
import { Codes, type Issue } from '../../durable-objects/codes.ts'
import { Group } from '../../durable-objects/group.ts'
import { CODE_LIFE_MS, shardOf, tokenOf } from '../../src/domain/consumer-code.ts'
import { memorySql } from './sqlite.ts'

const T0 = 1_000_000
const issue = (more: Partial<Issue> = {}): Issue => ({
  requestId: 'codes-1',
  bodyHash: 'aa',
  tokens: ['9976020712345678901', '9976020712345678902'],
  payer: 'user-1',
  expiresAt: T0 + CODE_LIFE_MS,
  ...more,
})
const [first, second] = issue().tokens as [string, string]

function book() {
  const codes = new Codes(memorySql())
  codes.issue(issue(), T0)
  return codes
}
const codeOf = (result: { ok: boolean; refusal?: { code: string } }) =>
  result.ok ? 'ok' : result.refusal?.code

describe('a consumer code', () => {
  it('is used by one payment, which may ask again for ever, and by no other', () => {
    const codes = book()
    expect(codes.use(first, 'pay_1', T0)).toMatchObject({ value: { payer: 'user-1' } })
    expect(codeOf(codes.use(first, 'pay_2', T0))).toBe('CODE_USED')
    expect(codes.use(first, 'pay_1', T0 + 900_000)).toMatchObject({ value: { payer: 'user-1' } })
    expect(codeOf(codes.use(first, 'pay_2', T0 + 900_000))).toBe('CODE_USED')
    expect(codeOf(codes.use(second, 'pay_2', T0))).toBe('ok')
  })

  it('is good until the last millisecond of its minute', () => {
    expect(codeOf(book().use(first, 'pay_1', T0 + CODE_LIFE_MS - 1))).toBe('ok')
    expect(codeOf(book().use(first, 'pay_1', T0 + CODE_LIFE_MS))).toBe('CODE_EXPIRED')
  })

  it('that looks issued and was not is none', () => {
    expect(codeOf(book().use('9976020799999999999', 'pay_1', T0))).toBe('CODE_INVALID')
  })

  it("of a wallet's own is taken by the first payment that brings it", () => {
    const codes = book()
    expect(codeOf(codes.use('284512345678901234', 'pay_1', T0))).toBe('ok')
    expect(codeOf(codes.use('284512345678901234', 'pay_1', T0))).toBe('ok')
    expect(codeOf(codes.use('284512345678901234', 'pay_2', T0))).toBe('CODE_USED')
  })

  it('is issued once for a request, and not at all for another body under it', () => {
    const codes = book()
    const again = issue({ tokens: ['9976020711111111111'], expiresAt: T0 + 99 })
    expect(codes.issue(again, T0 + 5)).toMatchObject({
      value: { tokens: [first, second], expiresAt: T0 + CODE_LIFE_MS },
    })
    expect(codeOf(codes.issue(issue({ bodyHash: 'bb' }), T0))).toBe('REPEAT_REQ_INCONSISTENT')
  })

  it('that chance has made already is not issued twice', () => {
    expect(codeOf(book().issue(issue({ requestId: 'codes-2' }), T0))).toBe('BUSY')
  })

  it('that was used stays for good, and one that was not is let go', () => {
    const sql = memorySql()
    const codes = new Codes(sql)
    codes.issue(issue(), T0)
    codes.use(first, 'pay_1', T0)
    const later = T0 + CODE_LIFE_MS + 600_000
    const fresh = { requestId: 'codes-2', tokens: ['9976020700000000001'], expiresAt: later + 1 }
    codes.issue(issue(fresh), later)
    expect(sql.rows('SELECT token FROM code')).toEqual([
      { token: '9976020700000000001' },
      { token: first },
    ])
    expect(codeOf(codes.use(first, 'pay_2', later))).toBe('CODE_USED')
  })

  it('names its shard in its digits', () => {
    const token = tokenOf('997602', 7, 2n ** 60n)
    expect(token).toMatch(/^9976020\d{12}$/)
    expect(shardOf(token)).toBe(7)
  })
})

describe('a group', () => {
  it('does what came together in one transaction, and in order', async () => {
    const sql = memorySql()
    const codes = new Codes(sql)
    codes.issue(issue(), T0)
    let transactions = 0
    const counted = {
      ...sql,
      transaction: <T>(work: () => T) => {
        transactions += 1
        return sql.transaction(work)
      },
    }
    const group = new Group(counted, () => Promise.resolve())
    const used = await Promise.all(
      Array.from({ length: 20 }, (_, n) => group.commit(() => codes.use(first, `pay_${n}`, T0))),
    )
    expect(used.map(codeOf)).toEqual(['ok', ...Array.from({ length: 19 }, () => 'CODE_USED')])
    expect(transactions).toBe(1)
  })

  it('answers nobody when its commit fails', async () => {
    const sql = memorySql()
    const codes = new Codes(sql)
    const broken = {
      ...sql,
      transaction: <T>(work: () => T): T =>
        sql.transaction(() => {
          work()
          throw new Error('disk full')
        }),
    }
    const group = new Group(broken, () => Promise.resolve())
    const own = '284512345678901234'
    await expect(group.commit(() => codes.use(own, 'pay_1', T0))).rejects.toThrow('disk full')
    expect(codeOf(codes.use(own, 'pay_2', T0))).toBe('ok')
  })
})
