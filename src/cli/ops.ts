/** `cpg ops …`: the staff's verbs on the command line, the same as in the console. */
import type { Command } from 'commander'
import type { AuditEntryView } from '../wire/ops-audit.ts'
import type { InstitutionView, SwitchView } from '../wire/ops-network.ts'
import type { FoundPayment, PaymentPage } from '../wire/ops-payment.ts'
import type { Report } from '../wire/ops-report.ts'
import { call, DEFAULT_GATEWAY, keepAccount, Refused, signIn } from './ops-call.ts'
import { addJournal } from './ops-journal.ts'
import { addMonitor } from './ops-monitor.ts'
import { addProjection } from './ops-projection.ts'
import { print, type Shared, shared } from './ops-shared.ts'
import { addSteering } from './ops-steer.ts'
import { pageText, paymentsText, reportText } from './ops-words.ts'
import { table } from './table.ts'

export function addOps(program: Command): void {
  const ops = program.command('ops').description('watch and steer the network, as its staff')
  addAccess(ops)
  addReading(ops)
  addMonitor(ops)
  addSteering(ops)
  addJournal(ops)
  addProjection(ops)
}

function addAccess(ops: Command): void {
  ops
    .command('sign-in')
    .description(
      'sign in: in the box as one of its people, elsewhere with a token (cloudflared access token)',
    )
    .argument('[person]', 'mei, somchai, aisyah, lena, viet, regulator')
    .option('--gateway <url>', 'where the gateway is', DEFAULT_GATEWAY)
    .option('--token <jwt>', 'access token')
    .action(
      async (
        person: string | undefined,
        { gateway, token }: { gateway: string; token?: string },
      ) => {
        if (person === undefined && token === undefined)
          throw new Refused('Name a person of the box, or give a --token.')
        const account =
          token === undefined ? await signIn(gateway, person ?? '') : { gateway, token }
        const me = await call<{ id: string; roles: string[]; until: string }>(account, 'GET', '/me')
        const file = await keepAccount(account)
        console.log(`${me.id}, ${me.roles.join(' and ')}, until ${me.until}\nKept in ${file}`)
      },
    )
  shared(ops.command('me').description('who is signed in, and what it may')).action(
    async (options: Shared) => {
      const me = await print.asked<{ id: string; name: string; roles: string[]; rights: string[] }>(
        options,
        'GET',
        '/me',
      )
      print.out(
        options,
        me,
        `${me.id} (${me.name}), ${me.roles.join(' and ')}\nmay ${me.rights.join(', ')}`,
      )
    },
  )
}

function addReading(ops: Command): void {
  shared(ops.command('institutions').description('list members')).action(
    async (options: Shared) => {
      const all = await print.asked<{ data: InstitutionView[] }>(options, 'GET', '/institutions')
      const rows = all.data.map(({ id, role, market, center, lanes, open, off, status }) => [
        id,
        role,
        market,
        `${center ?? 'nowhere'} × ${lanes ?? 0}`,
        open ? 'open' : (off?.reason ?? status),
      ])
      print.out(
        options,
        all,
        table(['Member', 'Role', 'Market', 'Lanes', 'State'], rows).join('\n'),
      )
    },
  )
  shared(ops.command('switches').description('list what is switched off')).action(
    async (options: Shared) => {
      const all = await print.asked<{ data: SwitchView[] }>(options, 'GET', '/switches')
      const rows = all.data
        .filter(({ inForce }) => inForce)
        .map(({ subject, name, reason, until }) => [subject, name, until ?? 'until lifted', reason])
      print.out(
        options,
        all,
        rows.length === 0
          ? 'Everything is on.'
          : table(['What', 'Name', 'Until', 'Why'], rows).join('\n'),
      )
    },
  )

  shared(ops.command('report').description('what went through, and how the network was steered'))
    .option('--days <count>', 'days up to today', '30')
    .action(async ({ days, ...options }: Shared & { days: string }) => {
      const report = await print.asked<Report>(options, 'GET', `/reports/traffic?days=${days}`)
      print.out(options, report, reportText(report))
    })

  const payments = ops.command('payments').description('find and read payments')
  shared(
    payments
      .command('find')
      .description('find payments by anything')
      .argument('[text]', 'an id, a reference, a merchant, a scanned code'),
  )
    .option('--institution <id>')
    .option('--merchant <id>')
    .option('--status <status>')
    .option('--result <S|F|U>')
    .option('--result-code <code>')
    .option('--amount <minor>', 'of either side, in minor units')
    .option('--currency <code>')
    .option('--from <instant>', 'opened at or after')
    .option('--to <instant>', 'opened before')
    .option('--limit <count>', 'rows at the most', '50')
    .option('--cursor <cursor>', 'where an earlier page ended')
    .action(
      async (text: string | undefined, options: Shared & Readonly<Record<string, string>>) => {
        const found = await print.asked<{
          data: FoundPayment[]
          nextCursor: string | null
          missing: string[]
          searched: { from: string }
        }>(options, 'GET', `/payments?${queryOf(text, options)}`)
        const notes = [
          ...(found.data.length === 0 ? ['None.'] : []),
          ...(found.missing.length === 0 ? [] : [`Not asked: ${found.missing.join(', ')}`]),
          ...(found.nextCursor === null
            ? []
            : [`More, back to ${found.searched.from}: --cursor ${found.nextCursor}`]),
        ]
        const shown = found.data.length === 0 ? [] : [paymentsText(found.data)]
        print.out(options, found, [...shown, ...notes].join('\n'))
      },
    )
  shared(
    payments.command('show').description('a payment whole, with who said what').argument('<id>'),
  )
    .option('--payer', 'show who pays; every time is an entry of the audit chain')
    .action(async (id: string, { payer = false, ...options }: Shared & { payer?: boolean }) => {
      const query = payer ? '?payer=show' : ''
      const page = await print.asked<PaymentPage>(
        options,
        'GET',
        `/payments/${encodeURIComponent(id)}${query}`,
      )
      print.out(options, page, pageText(page))
    })

  shared(ops.command('dead-letters').description('what members have not acknowledged for long'))
    .option('--institution <id>')
    .action(async (options: Shared & { institution?: string }) => {
      const query = options.institution === undefined ? '' : `?institution=${options.institution}`
      const all = await print.asked<{
        data: Record<'paymentId' | 'institution' | 'duty' | 'since', string>[]
      }>(options, 'GET', `/dead-letters${query}`)
      const rows = all.data.map(({ paymentId, institution, duty, since }) => [
        paymentId,
        institution,
        duty,
        since,
      ])
      print.out(
        options,
        all,
        rows.length === 0
          ? 'None.'
          : table(['Payment', 'Member', 'Duty', 'Since'], rows).join('\n'),
      )
    })
  shared(
    ops
      .command('replay')
      .description('tell a member again at once')
      .argument('<payment>')
      .argument('<institution>')
      .argument('<duty>')
      .argument('[refund]'),
  ).action(
    async (
      paymentId: string,
      institution: string,
      duty: string,
      refundId: string | undefined,
      options: Shared,
    ) => {
      const told = await print.asked<{ attempts: number; nextAt: string | null }>(
        options,
        'POST',
        '/dead-letters/replay',
        { paymentId, institution, duty, refundId: refundId ?? null },
      )
      print.out(
        options,
        told,
        told.nextAt === null
          ? 'Acknowledged.'
          : `Told ${told.attempts} times; again at ${told.nextAt}`,
      )
    },
  )
  shared(ops.command('audit').description('what the staff did, and was not let do'))
    .option('--actor <id>')
    .option('--action <name>')
    .option('--subject <text>')
    .option('--outcome <begun|done|refused>')
    .option('--limit <count>', 'rows at the most', '50')
    .action(async (options: Shared & Readonly<Record<string, string>>) => {
      const query = new URLSearchParams()
      for (const name of ['actor', 'action', 'subject', 'outcome', 'limit']) {
        if (options[name] !== undefined) query.set(name, options[name])
      }
      const all = await print.asked<{ data: AuditEntryView[] }>(options, 'GET', `/audit?${query}`)
      const rows = all.data.map(({ seq, at, by, action, subject, outcome }) => [
        `${seq}`,
        at,
        by.id,
        action,
        subject,
        outcome,
      ])
      print.out(
        options,
        all,
        table(['', 'At', 'Who', 'Did', 'What', 'Outcome'], rows, ['right']).join('\n'),
      )
    })
}

function queryOf(
  text: string | undefined,
  options: Readonly<Record<string, unknown>>,
): URLSearchParams {
  const query = new URLSearchParams()
  const set = (name: string, value: unknown) => {
    if (typeof value === 'string') query.set(name, value)
  }
  set('q', text)
  for (const name of [
    'institution',
    'merchant',
    'status',
    'result',
    'resultCode',
    'currency',
    'limit',
    'cursor',
  ]) {
    set(name, options[name])
  }
  set('minAmount', options.amount)
  set('maxAmount', options.amount)
  set('openedFrom', options.from)
  set('openedTo', options.to)
  return query
}
