/** Links and texts have parts where other codes have fields: named, in order, and where they stand. */
import { describe, expect, it } from 'vitest'
import { type CodeNode, readCode } from '../../src/codes/index.ts'

const emv = '00020101021229370016A0000006770101110113006681234567853037645406120.005802TH6304BC9B'

const leaves = (nodes: readonly CodeNode[]): CodeNode[] =>
  nodes.flatMap(node => (node.children.length > 0 ? leaves(node.children) : [node]))
const named = (payload: string) =>
  leaves(readCode(payload).tree).map(({ name, value }) => `${name}: ${value}`)

describe('the parts of', () => {
  it.each([
    [
      'a link',
      'upi://pay?pa=shop@upi&pn=Chai%20Point&am=45.00',
      [
        'Scheme: upi',
        'Host: pay',
        'Payee address: shop@upi',
        'Payee name: Chai%20Point',
        'Amount: 45.00',
      ],
    ],
    [
      'lines, empty ones left out',
      'BCD\n002\n1\nSCT\n\nExample\nBE71096123456769\nEUR1',
      [
        'Service tag: BCD',
        'Version: 002',
        'Character set: 1',
        'Identification: SCT',
        'Payee: Example',
        'IBAN: BE71096123456769',
        'Amount: EUR1',
      ],
    ],
    [
      'pairs',
      'SPD*1.0*ACC:CZ6508000000192000145399*CC:CZK*MSG:A',
      [
        'Part: SPD',
        'Part: 1.0',
        'Account: CZ6508000000192000145399',
        'Currency: CZK',
        'Message: A',
      ],
    ],
  ])('%s', (_, payload, parts) => {
    expect(named(payload)).toEqual(parts)
  })

  it.each([
    `https://bank.example/pay?x=1&qr=${emv}&y=2`,
    `https://bank.example/pay#${emv}`,
    'SPC\r\n0200\r\n1\r\nCH5800791123000889012\r\nS\r\nShop',
  ])('%s stand where they say', payload => {
    const parts = leaves(readCode(payload).tree)
    expect(parts.length).toBeGreaterThan(4)
    for (const { from, to, value } of parts) expect(payload.slice(from, to)).toBe(value)
  })

  it('a wrapped code are its fields, and its errors are where they stand in the link', () => {
    const link = `https://bank.example/pay?qr=${emv.replace('120', '920')}`
    const { errors, tree } = readCode(link)
    expect(errors).toEqual([{ code: 'crc-mismatch', at: link.length - 4 }])
    expect(leaves(tree).at(-1)).toMatchObject({ name: 'Checksum', value: 'BC9B' })
  })

  it('a parameter with a name that nobody should print have none', () => {
    const { tree } = readCode('upi://pay?pa=a@b&mo\u001bd=15')
    expect(tree.map(({ id }) => id)).toEqual(['scheme', 'host', 'pa', '?'])
  })

  it('a hostile text are too many to show', () => {
    expect(readCode(`upi://pay?${'a=1&'.repeat(5_000)}pa=a@b`).tree).toEqual([])
  })
})
