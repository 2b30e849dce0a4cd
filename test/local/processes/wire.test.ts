import { expect, it } from 'vitest'
import { read, written } from '../../../src/local/processes/wire.ts'

// biome-ignore format: a table is read by column
it.each([
  ['a text',             'pay_1'],
  ['nothing at all',     undefined],
  ['null',               null],
  ['an amount',          123_456_789_012_345_678n],
  ['a moment',           new Date(1_795_000_000_000)],
  ['bytes',              Uint8Array.of(0, 127, 255)],
  ['an empty list',      []],
  ['a list of a letter', ['n', 'u', 'l']],
  ['lists in lists',     [['u'], [['d', 5]], [undefined, 1n]]],
  ['a map',              new Map([['hk', { minor: 5n }]])],
  ['a set',              new Set(['hk', 'sg'])],
  ['a payment',          { id: 'p', payer: { currency: 'THB', minor: 5n }, refunds: [{ at: null }], trace: undefined }],
])('%s arrives as it was sent', (_, value) => {
  expect(read(written(value))).toStrictEqual(value)
})
