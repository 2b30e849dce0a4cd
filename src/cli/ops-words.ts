/** Steps, times and answers of steering as people write and read them on a command line. */

import type { AnyStepView, ChangeView, Preview, StepView } from '../wire/ops-change.ts'
import type { FoundPayment, PaymentPage } from '../wire/ops-payment.ts'
import type { Report } from '../wire/ops-report.ts'
import { amountText } from './amount.ts'
import { Refused } from './ops-call.ts'
import { table } from './table.ts'

type Subject = Extract<StepView, { kind: 'switch_off' | 'switch_on' }>['subject']

const subjects: readonly Subject[] = ['institution', 'corridor', 'family', 'scenario']

/** The words of one step, as in `off corridor TH>CN`, `limit wallet-th * value_day 100000`, `drain hk`. */
export const STEP_WORDS = [
  'off|on institution|corridor|family|scenario <name>',
  'limit <institution> <scope> <kind> <value|none>',
  'allowance <corridor> <kind> <US cents|none>',
  'drain|lose|return <center>',
  'pin|unpin <center>',
  'lanes <institution> <count>',
].join('\n')

/** Throws, with what can be written, for words that are no step. */
export function stepOf(words: string): StepView {
  const [verb = '', one = '', two = '', three = '', four = '', ...more] = words.trim().split(/\s+/)
  if (more.length === 0) {
    if ((verb === 'off' || verb === 'on') && isSubject(one) && two !== '' && three === '') {
      return { kind: `switch_${verb}`, subject: one, name: two }
    }
    if ((verb === 'drain' || verb === 'lose' || verb === 'return') && one !== '' && two === '') {
      return { kind: `${verb}_center`, center: one }
    }
    if ((verb === 'pin' || verb === 'unpin') && one !== '' && two === '') {
      return { kind: 'pin_center', center: one, pinned: verb === 'pin' }
    }
    if (verb === 'lanes' && /^\d{1,2}$/.test(two) && three === '') {
      return { kind: 'set_lanes', institution: one, lanes: Number(two) }
    }
    if (verb === 'allowance' && /^(?:\d{1,16}|none)$/.test(three) && four === '') {
      const allowance = { corridor: one, kind: two as AllowanceKind }
      return { kind: 'set_allowance', allowance, value: three === 'none' ? null : three }
    }
    if (verb === 'limit' && /^(?:\d{1,16}|none)$/.test(four)) {
      const limit = { institution: one, scope: two, kind: three as LimitKind }
      return { kind: 'set_limit', limit, value: four === 'none' ? null : four }
    }
  }
  throw new Refused(`"${words}" is no step. A step is one of:\n${STEP_WORDS}`)
}

/**
 * The steps, beginning at this instant.
 *
 * @param text an instant, or how long from now on
 */
export function beginning(
  steps: readonly StepView[],
  text: string,
  now: number,
): readonly StepView[] {
  const from = instantOf(text, now)
  return steps.map(step => {
    if (!('value' in step)) {
      throw new Refused(
        `"${wordsOf(step)}" is made at once: only limits and allowances have --from.`,
      )
    }
    return { ...step, from }
  })
}

function instantOf(text: string, now: number): string {
  if (/^\d{1,4}[smhd]$/.test(text)) return new Date(now + secondsOf(text) * 1_000).toISOString()
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.test(
    text,
  )
  const at = isWhole ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) {
    throw new Refused(
      `"${text}" is no instant. Write 2026-01-31T08:00:00Z, or 30m, 2h, 1d from now.`,
    )
  }
  return new Date(at).toISOString()
}

type LimitKind = Extract<StepView, { kind: 'set_limit' }>['limit']['kind']

type AllowanceKind = Extract<StepView, { kind: 'set_allowance' }>['allowance']['kind']

const isSubject = (word: string): word is Subject => subjects.some(subject => subject === word)

export function wordsOf(step: AnyStepView): string {
  switch (step.kind) {
    case 'switch_off':
    case 'switch_on':
      return `${step.kind === 'switch_on' ? 'on' : 'off'} ${step.subject} ${step.name}`
    case 'restore_switch':
      return `off ${step.subject} ${step.name}, as it was`
    case 'set_limit': {
      const { institution, scope, kind } = step.limit
      return `limit ${institution} ${scope} ${kind} ${courseText(step)}`
    }
    case 'set_allowance':
      return `allowance ${step.allowance.corridor} ${step.allowance.kind} ${courseText(step)}`
    case 'pin_center':
      return `${step.pinned ? 'pin' : 'unpin'} ${step.center}`
    case 'set_lanes':
      return `lanes ${step.institution} ${step.lanes}`
    default:
      return `${step.kind.replace('_center', '')} ${step.center}`
  }
}

function courseText(step: Extract<AnyStepView, { value: string | null }>): string {
  const next = 'next' in step ? step.next : []
  const then = next.map(({ value, from }) => `, ${value ?? 'none'} from ${from}`)
  const begin = step.from === undefined ? '' : ` from ${step.from}`
  return `${step.value ?? 'none'}${begin}${then.join('')}`
}

const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** `30m`, `2h`, `1d`, as seconds. */
export function secondsOf(duration: string): number {
  const [, count = '', unit = ''] = /^(\d{1,4})([smhd])$/.exec(duration) ?? []
  if (count === '') throw new Refused(`"${duration}" is no time. Write 30m, 2h or 1d.`)
  return Number(count) * unitSeconds[unit as keyof typeof unitSeconds]
}

export function previewText({ steps, dangers, traffic, faults, missing }: Preview): string {
  const lines = steps.map(
    ({ step, now, idle }) =>
      `  ${wordsOf(step)}${idle ? '  (changes nothing)' : ''}\n    now ${now}`,
  )
  const value = traffic?.value.map(amountText).join(' · ')
  return [
    'Steps',
    ...lines,
    ...(traffic === null
      ? []
      : [
          `Last hour  ${traffic.atLeast ? 'at least ' : ''}${traffic.payments} payments, ${traffic.committed} committed, ${traffic.open} open now`,
          ...(value === undefined || value === '' ? [] : [`Worth      ${value}`]),
          `Members    ${traffic.members.join(', ') || 'none'}`,
        ]),
    ...(missing.length === 0 ? [] : [`Not asked  ${missing.join(', ')}`]),
    dangers.length === 0 ? 'Takes nobody else.' : `Takes a second person: ${dangers.join(', ')}.`,
    ...faults.map(({ pointer, says }) => `Cannot be done: ${pointer} ${says}`),
  ].join('\n')
}

export function changeText(change: ChangeView): string {
  const { id, status, steps, by, decidedBy, reason, expiresAt, dangers } = change
  const waits = status === 'proposed' ? `; an approver has until ${expiresAt}` : ''
  const who = decidedBy === null ? by.id : `${by.id}, ${decidedBy.id}`
  return [
    `${id}  ${status}${waits}`,
    ...steps.map(step => `  ${wordsOf(step)}`),
    `  ${reason} (${who})${endText(change)}`,
    ...(dangers.length === 0 ? [] : [`  for two: ${dangers.join(', ')}`]),
  ].join('\n')
}

function endText({ until, seconds, steps }: ChangeView): string {
  if (until !== null) return `, until ${until}`
  const begins = steps.some(step => 'value' in step && step.from !== undefined)
  return seconds === null ? '' : `, for ${seconds} s from when it ${begins ? 'begins' : 'is made'}`
}

export const paymentsText = (payments: readonly FoundPayment[]): string =>
  table(
    ['Payment', 'Opened', 'Result', 'Code', 'Wallet', 'Acquirer', 'Merchant', 'Payer', 'Payee'],
    payments.map(({ paymentId, openedAt, status, resultCode, wallet, acquirer, ...more }) => [
      paymentId,
      openedAt,
      status,
      resultCode,
      wallet,
      acquirer,
      more.merchant.name,
      `${more.payer.minor} ${more.payer.currency}`,
      `${more.payee.minor} ${more.payee.currency}`,
    ]),
  ).join('\n')

export function pageText({
  payment,
  corridor,
  center,
  lane,
  payer,
  duties,
  ladder,
}: PaymentPage): string {
  const { liability } = payment
  return [
    `${payment.paymentId}  ${payment.status}  ${payment.resultCode}`,
    `  ${payment.scenario} ${payment.presentment} ${corridor} ${payment.family}, lane ${lane} in ${center}`,
    `  ${payment.wallet} pays ${payment.payer.minor} ${payment.payer.currency}, ${payment.merchant.name} (${payment.acquirer}) gets ${payment.payee.minor} ${payment.payee.currency}`,
    `  liable ${liability.liableParty} since ${liability.since}${liability.until === null ? '' : ` until ${liability.until}`}, next ${liability.nextAction}`,
    ...(payer === null ? [] : [`  payer ${payer.reference ?? 'not named'}`]),
    ...duties.map(
      ({ duty, owner, state, attempts }) =>
        `  ${duty} of ${owner}: ${state}, told ${attempts} times again`,
    ),
    '',
    ...table(
      ['At', 'From', 'To', 'Says', ''],
      ladder.map(({ at, from, to, says, resultCode, reference, proved }) => [
        at,
        from,
        to,
        says,
        proved ? (resultCode ?? reference ?? '') : 'not acknowledged',
      ]),
    ),
  ].join('\n')
}

export function reportText({
  from,
  to,
  total,
  corridors,
  network,
  steering,
  audit,
}: Report): string {
  const rows = [...corridors, total].map(({ name, opened, committed, aborted, usd }) => [
    name,
    `${opened}`,
    `${committed}`,
    `${aborted}`,
    usd.minor,
  ])
  const { members, switchedOff } = network
  return [
    `${from} to ${to}`,
    ...table(['Corridor', 'Opened', 'Committed', 'Aborted', 'US cents'], rows, [
      'left',
      'right',
      'right',
      'right',
      'right',
    ]),
    `${members.open} members open, ${members.stopped} stopped; ${switchedOff} things switched off`,
    `${steering.applied} changes in force, ${steering.proposed} proposed, ${steering.undone} taken back`,
    `audit chain: ${audit.entries} entries, ${audit.hash}`,
  ].join('\n')
}
