import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { en } from '../../src/console/texts/en.ts'
import { zh } from '../../src/console/texts/zh.ts'
import { staffRoles } from '../../src/domain/access.ts'
import { allowanceKinds } from '../../src/domain/allowance.ts'
import { anomalyKinds } from '../../src/domain/anomaly.ts'
import { actions } from '../../src/domain/audit.ts'
import { limitKinds } from '../../src/domain/limit.ts'
import { resultCodes } from '../../src/domain/refusal.ts'
import { moves } from '../../src/domain/status.ts'
import { alertSchema } from '../../src/wire/alert.ts'
import { livePaymentSchema } from '../../src/wire/live.ts'
import {
  centerHealthSchema,
  dimensionSchema,
  hopSchema,
  openKindSchema,
  windowSchema,
} from '../../src/wire/monitor.ts'
import { changeSchema, dangerSchema, stepSchema } from '../../src/wire/ops-change.ts'
import { institutionSchema, switchSubjectSchema } from '../../src/wire/ops-network.ts'
import { dutySchema, rungSchema } from '../../src/wire/ops-payment.ts'
import { paymentSchema, scenarioSchema, statusSchema } from '../../src/wire/payment.ts'
import { timelineSchema } from '../../src/wire/timeline.ts'

const liability = paymentSchema.shape.liability.shape
const moment = timelineSchema.shape.moments.element.shape
const member = institutionSchema.shape
const kindsOfSteps = stepSchema.options.flatMap(({ shape }) => optionsOf(shape.kind))

function optionsOf(schema: z.ZodType): readonly string[] {
  const { values = [], entries } = schema.def as { values?: string[]; entries?: object }
  return entries === undefined ? values : Object.keys(entries)
}

/** Every list of values of the gateway's own that the console shows, and where its words are. */
const lists: readonly (readonly [
  name: string,
  values: readonly string[],
  words: (texts: typeof zh) => object,
])[] = [
  ['status of a payment', statusSchema.options, texts => texts.words.statuses],
  ['scenario', scenarioSchema.options, texts => texts.words.scenarios],
  ['presentment', optionsOf(paymentSchema.shape.presentment), texts => texts.words.presentments],
  ['party', moment.by.options, texts => texts.words.parties],
  ['dimension', dimensionSchema.options, texts => texts.figures.dimensions],
  ['window', windowSchema.options, texts => texts.figures.windows],
  ['part of the way', hopSchema.options, texts => texts.figures.hopNames],
  ['event of the feed', livePaymentSchema.shape.event.options, texts => texts.words.live],
  ['thing that is not finished', openKindSchema.options, texts => texts.words.unfinished],
  ['duty', dutySchema.shape.duty.options, texts => texts.words.unfinished],
  ['duty', dutySchema.shape.duty.options, texts => texts.payment.says],
  ['state of a duty', dutySchema.shape.state.options, texts => texts.payment.states],
  ['rung of the ladder', rungSchema.shape.says.options, texts => texts.payment.says],
  ['party that is liable', optionsOf(liability.liableParty), texts => texts.payment.liable],
  ['next action', optionsOf(liability.nextAction), texts => texts.payment.actions],
  ['result code', Object.keys(resultCodes), texts => texts.words.codes],
  ['action of the audit chain', actions, texts => texts.words.actions],
  ['role', staffRoles, texts => texts.words.roles],
  ['role of a member', member.role.options, texts => texts.institutions.roles],
  ['way to authorise', member.profile.unwrap().options, texts => texts.institutions.profiles],
  ['habit of asking', member.inquiry.unwrap().options, texts => texts.institutions.inquiries],
  ['limit', Object.keys(limitKinds), texts => texts.limits.kinds],
  ['allowance', allowanceKinds, texts => texts.words.allowances],
  ['step', kindsOfSteps, texts => texts.steering.kinds],
  ['subject of a switch', switchSubjectSchema.options, texts => texts.steering.subjects],
  ['danger', dangerSchema.options, texts => texts.steering.dangers],
  ['state of a change', changeSchema.shape.status.options, texts => texts.steering.states],
  ['verb', changeSchema.shape.may.element.options, texts => texts.steering.verbs],
  ['anomaly', Object.keys(anomalyKinds), texts => texts.alerts.kinds],
  ['severity', alertSchema.shape.severity.options, texts => texts.alerts.severities],
  ['state of an alert', alertSchema.shape.state.options, texts => texts.alerts.states],
  ['sight of a center', optionsOf(centerHealthSchema.shape.state), texts => texts.centers.seen],
]

const isChinese = /\p{Script=Han}/u

/** What keeps a change from being made: the rules of what steps write, what plans of lanes say, and what has moved. */
const rooms = [
  'db/directory-rules',
  'db/steering-change',
  'domain/epoch-plan',
  'domain/steer-begin',
  'routes/ops-preview',
]
const sources = rooms.map(name =>
  readFileSync(join(import.meta.dirname, `../../src/${name}.ts`), 'utf8'),
)

describe('in Chinese', () => {
  it('every fault that has words is one that the gateway may find', () => {
    const said = (fault: string) => {
      const [field = '', ...rest] = fault.split(' ')
      const says = rest.join(' ')
      return sources.some(text => text.includes(`['${field}', '${says}'`) || text.includes(fault))
    }
    expect(Object.keys(zh.words.faults).filter(fault => !said(fault))).toEqual([])
  })

  it('every rule of switches, limits and allowances that a step may break has words', () => {
    const [table = ''] = sources
    const broken = ['switch', 'limit', 'allowance'].flatMap(noun => {
      const rules = table.slice(table.indexOf(`\n  ${noun}: [`)).split('\n  ],')[0] ?? ''
      const found = [...rules.matchAll(/^ {4}\['(\w+)', '([^']+)'/gm)]
      expect(found.length).toBeGreaterThan(3)
      return found.map(([, field, says]) => `${field} ${says}`)
    })
    // Of these the forms of the console leave no choice.
    const never = broken.filter(fault => fault.endsWith('is an instant'))
    expect(broken.filter(each => !never.includes(each) && !zh.words.faults[each])).toEqual([])
  })

  it.each(lists)('every %s has a word of its own', (_, values, words) => {
    expect(values.length).toBeGreaterThan(1)
    const has = words(zh) as Readonly<Record<string, string | undefined>>
    expect(values.filter(value => !isChinese.test(has[value] ?? ''))).toEqual([])
  })

  it.each(lists)('and every %s one in English', (_, values, words) => {
    const has = words(en) as Readonly<Record<string, string | undefined>>
    expect(values.filter(value => !has[value])).toEqual([])
  })

  it('every way of a payment ends in a status that has a word', () => {
    const ends = Object.values(moves).map(({ to }) => to)
    expect(ends.filter(status => !isChinese.test(zh.words.statuses[status]))).toEqual([])
  })

  /** Currencies and quantiles are the same in every language. */
  const isSame = (text: string) => /^(?:[A-Z]{3}|p\d\d)$/.test(text)
  /** Says in English how to get there. */
  const english = ['language']

  it('nothing is left in English', () => {
    const left = leaves(zh).filter(([, text]) => !isChinese.test(text) && !isSame(text))
    expect(left.map(([name]) => name)).toEqual(english)
    expect(leaves(zh).length).toBeGreaterThan(400)
  })

  it('nothing says more or less than in English', () => {
    const names = (texts: object) =>
      leaves(texts).flatMap(([name]) => (name.startsWith('words.faults.') ? [] : [name]))
    expect(names(zh)).toEqual(names(en))
  })
})

/** Every text with its place; one that takes something is given it. */
function leaves(texts: object, path = ''): (readonly [name: string, text: string])[] {
  return Object.entries(texts)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, value]: [string, unknown]) => {
      const place = path === '' ? name : `${path}.${name}`
      if (typeof value === 'function') return [[place, value('2', '3', '4') as string] as const]
      return typeof value === 'object' && value !== null
        ? leaves(value, place)
        : [[place, `${value}`] as const]
    })
}
