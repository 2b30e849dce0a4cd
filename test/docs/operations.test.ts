/** The filters of the guide, tried on the lines that the gateway writes: each finds what it says, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { staffLine } from '../../src/domain/audit.ts'
import { paymentLines } from '../../src/domain/log-line.ts'
import { apply, type Payment, type PaymentEvent } from '../../src/domain/payment.ts'
import { terms } from '../domain/terms.ts'

const guide = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8')
const trace = '4bf92f3577b34da6a3ce929d0e0e4736'

/** What the log has of a payment that goes this way. */
function linesOf(
  paymentId: string,
  requester: string,
  ...events: readonly PaymentEvent[]
): string[] {
  const opened: PaymentEvent = {
    type: 'opened',
    at: 1_000,
    terms: { ...terms, paymentId, requester },
    bodyHash: '00',
    hold: { reference: 'h', key: 'k' },
    ...(requester === 'wallet-th' ? { trace } : {}),
  }
  let payment: Payment | null = null
  return [opened, ...events].flatMap(event => {
    payment = apply(payment, event)
    return paymentLines(payment, [event]).map(line => JSON.stringify(line))
  })
}

const at = 2_000
const acceptance = { reference: 'a', key: 'k' }
const one = linesOf(
  'pay_04000s80041d5mgr41d1zym5ne',
  'wallet-th',
  { type: 'committed', at, acceptance },
  {
    type: 'duty_told',
    at,
    duty: 'deliver_receipt',
    owner: 'acquirer-cn',
  },
)
const other = linesOf(
  'pay_0other',
  'wallet-my',
  { type: 'doubted', at },
  {
    type: 'aborted',
    at,
    resultCode: 'DEADLINE_EXCEEDED',
  },
)
const declined = linesOf('pay_0third', 'wallet-my', { type: 'aborted', at, resultCode: 'DECLINED' })
const staff = (id: string) =>
  JSON.stringify(
    staffLine({
      at,
      by: { id, name: 'N' },
      roles: ['operator'],
      action: 'change.approve',
      subject: 'c',
      outcome: 'done',
      detail: '',
      request: 'r',
      seq: 1,
      hash: 'h',
    }),
  )
const edge = [
  JSON.stringify({ log: 'refused', code: 'SIGNATURE_STALE', request: 'r', trace }),
  staff('mei@ops.example'),
  staff('aisyah@ops.example'),
]
const lines = [...one, ...other, ...declined, ...edge]

const filters = [...guide.matchAll(/--search (?:'([^']+)'|(\S+)) +# (.+)/g)].map(
  ([, quoted, bare, says]) => [says ?? '', quoted ?? bare ?? ''] as const,
)

/** What each filter must find among these lines, by what the guide says of it. */
const found: Readonly<Record<string, readonly string[]>> = {
  'one payment': one,
  'one trace': [...one, ...edge.slice(0, 1)],
  'one member, on either side': one,
  'failures only': [...other.slice(-1), ...declined.slice(-1)],
  'failures for one reason': other.slice(-1),
  'acquirers that do not answer': other.slice(1, 2),
  'members that do not acknowledge': one.slice(-1),
  'signatures that do not count, and why': edge.slice(0, 1),
  'what the staff does, and is not let do': edge.slice(1),
  'one of the staff': edge.slice(1, 2),
}

describe('a filter of the guide', () => {
  it('is known here, and every one that is known here is in the guide', () => {
    expect(filters.map(([says]) => says).toSorted()).toEqual(Object.keys(found).toSorted())
  })

  it.each(filters)('for %s finds just that: %s', (says, filter) => {
    expect(lines.filter(line => line.includes(filter))).toEqual(found[says])
    expect(found[says]?.length).toBeGreaterThan(0)
  })

  it('for a member finds it as an acquirer, too', () => {
    expect(lines.filter(line => line.includes('"acquirer-cn"'))).toEqual([
      ...one,
      ...other,
      ...declined,
    ])
  })
})

it('every kind of line is in its table', () => {
  const root = join(import.meta.dirname, '../..')
  const written = ['src', 'durable-objects'].flatMap(room =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .flatMap(name => [
        ...readFileSync(join(root, room, name), 'utf8').matchAll(/\blog: '([a-z_]+)'/g),
      ])
      .map(([, log]) => log!),
  )
  const rows = guide.split('\n').filter(line => line.startsWith('| `'))
  const told = new Set(
    rows.flatMap(row =>
      [...(row.split('|')[1] ?? '').matchAll(/`([a-z_]+)`/g)].map(([, log]) => log!),
    ),
  )
  expect(new Set(written).size).toBeGreaterThan(20)
  expect([...new Set(written)].filter(log => !told.has(log))).toEqual([])
})
