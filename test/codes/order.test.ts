import { describe, expect, it } from 'vitest'
import { codedOrder } from '../../src/codes/order.ts'
import { readCode } from '../../src/codes/read.ts'
import { type MpmInput, writeMpm } from '../../src/codes/write-mpm.ts'

const whole: MpmInput = {
  initiation: 'dynamic',
  amount: '18.60',
  accounts: [{ family: 'duitnow', fields: { acquirer: '564169', merchantId: 'MD00284512' } }],
  mcc: '5814',
  merchantName: 'KOPITIAM',
  merchantCity: 'PENANG',
  additionalData: { '05': 'TILL-7' },
}

function read(input: MpmInput) {
  const written = writeMpm(input)
  if (!written.ok) throw new Error(JSON.stringify(written))
  const reading = readCode(written.payload)
  const family = reading.families[0]
  if (!reading.valid || family === undefined) throw new Error('the code cannot be read')
  return { reading, family }
}

function said(change: Partial<MpmInput>) {
  const { reading, family } = read({ ...whole, ...change })
  return codedOrder(reading, family)
}

describe('a code that says everything', () => {
  it('names its merchant by its account, and the reference of its till', () => {
    expect(said({})).toEqual({
      merchant: { id: 'MD00284512', name: 'KOPITIAM', city: 'PENANG', mcc: '5814', country: 'MY' },
      reference: 'TILL-7',
      currency: 'MYR',
    })
  })

  it('has the bill before the reference', () => {
    expect(said({ additionalData: { '01': 'BILL-1', '05': 'TILL-7' } })?.reference).toBe('BILL-1')
  })

  it('has no reference on a counter', () => {
    const { amount: _, ...counter } = whole
    const { reading, family } = read({ ...counter, initiation: 'static', additionalData: {} })
    expect(codedOrder(reading, family)).toMatchObject({ reference: null })
  })
})

describe('its acquirer is asked', () => {
  it('where the account is none to name a merchant by', () => {
    const fields = { acquirer: '564169', merchantId: 'MD 284512' }
    expect(said({ accounts: [{ family: 'duitnow', fields }] })).toBeNull()
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [why: string, additionalData: Record<string, string>]>([
    ['a till has given a code no reference',           {}],
    ['its reference cannot be passed on as it is',     { '05': 'INV/2026 17' }],
    ['one of two references cannot',                   { '01': 'BILL-1', '05': 'two words' }],
    ['the payer is to type a bill',                    { '01': '***', '05': 'TILL-7' }],
    ['the payer is to type something else',            { '02': '***', '05': 'TILL-7' }],
    ['the payer is to tell who they are',              { '05': 'TILL-7', '09': 'ME' }],
  ])('where %s', (_, additionalData) => {
    expect(said({ additionalData })).toBeNull()
  })

  it('where there is a tip to add', () => {
    expect(said({ tip: { kind: 'prompt' } })).toBeNull()
  })

  it.each(['merchantName', 'merchantCity', 'mcc', 'country', 'currency'] as const)(
    'where the code leaves out its %s',
    field => {
      expect(codedOrder({ ...read(whole).reading, [field]: null }, read(whole).family)).toBeNull()
    },
  )

  it.each(['look-alike-name', 'amount-unit-unverified', 'bidi-control'] as const)(
    'where the code is doubtful: %s',
    warning => {
      const { reading, family } = read(whole)
      expect(codedOrder({ ...reading, warnings: [warning] }, family)).toBeNull()
    },
  )
})
