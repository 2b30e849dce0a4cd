/** What the README says of rules, rates and files is so. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { faultKinds, stretchKinds } from './faults.ts'

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8')
const text = read('README.md')

it('names every rule that a checker can call broken', () => {
  const [, list = ''] = /export type Invariant =([\s\S]*?)\n\n/.exec(read('checks/ledger.ts')) ?? []
  const rules = [...list.matchAll(/\| '(\w+)'/g)].map(([, rule]) => rule)
  expect(rules.length).toBeGreaterThan(15)
  expect([...text.matchAll(/^\| (\w+) \| .* \| .* \| `/gm)].map(([, rule]) => rule)).toEqual(rules)
})

it('states every fault with its rate', () => {
  const kinds = Object.entries(faultKinds).map(
    ([kind, { rate, says }]) => `| ${kind} | ${Number((rate * 100).toFixed(3))} % | ${says} |`,
  )
  const stretches = Object.entries(stretchKinds).map(
    ([kind, { share, leastMs, mostMs, says }]) =>
      `| ${kind} | ${share * 100} % | ${leastMs / 1_000} to ${mostMs / 1_000} s | ${says} |`,
  )
  const stated = text.split('\n').filter(line => / % \| /.test(line))
  expect(stated).toEqual([...kinds, ...stretches])
})

it('names files that are there', () => {
  const files = [...text.matchAll(/`([\w/]+\.ts)`/g)].map(([, file = '']) => file)
  expect(files.length).toBeGreaterThan(20)
  expect(files.filter(file => !existsSync(join(import.meta.dirname, file)))).toEqual([])
})
