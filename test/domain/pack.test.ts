import { expect, it } from 'vitest'
import { packJson, unpackJson } from '../../src/domain/pack.ts'
import { terms } from './terms.ts'

it('brings amounts back exactly, however deep they are', () => {
  const fee = { kind: 'service', bearer: 'acquirer', amount: { currency: 'CNY', minor: 5n } }
  const value = { list: [['pay_1', { terms: { ...terms, fees: [fee] } }]], minor: 2n ** 60n }
  expect(unpackJson(packJson(value))).toEqual(value)
})

it.each(['null', '7', '"minor"', '[]', '{}', '{"a":[1,"x",null,{"b":true}]}'])(
  'brings %s back as it is',
  text => {
    expect(JSON.stringify(unpackJson(text))).toBe(text)
  },
)

it.each(['', '{', '{"minor":"x"}', '{"minor":{}}', '[{"minor":1.5}]'])('throws for %j', text => {
  expect(() => unpackJson(text)).toThrow()
})
