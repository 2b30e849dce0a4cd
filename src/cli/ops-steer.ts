/** `cpg ops suspend|close|… `, changes, plans: steering from the command line. */

import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { ChangeView, PlanView, Preview, StepView } from '../wire/ops-change.ts'
import { Refused } from './ops-call.ts'
import { print, type Shared, shared } from './ops-shared.ts'
import {
  beginning,
  changeText,
  previewText,
  STEP_WORDS,
  secondsOf,
  stepOf,
  wordsOf,
} from './ops-words.ts'

interface Steering extends Shared {
  readonly reason?: string
  readonly for?: string
  readonly from?: string
  readonly preview?: boolean
}

/** Verbs that are one step each, and the words they stand for. */
const verbs = {
  suspend: ['<institution>', 'cut a member off', (name: string) => `off institution ${name}`],
  resume: ['<institution>', 'let a member in again', (name: string) => `on institution ${name}`],
  drain: ['<center>', 'let another center take what is new', (name: string) => `drain ${name}`],
  lose: ['<center>', 'give up a center that is lost', (name: string) => `lose ${name}`],
  return: ['<center>', 'bring a center back', (name: string) => `return ${name}`],
} as const

export function addSteering(ops: Command): void {
  const steering = (command: Command) =>
    shared(command)
      .option('--reason <words>', 'why; kept in the audit chain')
      .option('--for <time>', 'ends by itself 30m, 2h, 1d after it was made, or began')
      .option('--preview', 'only say what it would touch')

  for (const [verb, [argument, says, words]] of Object.entries(verbs)) {
    steering(ops.command(verb).description(says).argument(argument)).action(
      (name: string, options: Steering) => steer([stepOf(words(name))], options),
    )
  }
  for (const [verb, word] of [
    ['close', 'off'],
    ['open', 'on'],
  ] as const) {
    steering(
      ops
        .command(verb)
        .description(`${verb} a corridor, a family of codes or a scenario`)
        .argument('<subject>', 'corridor, family or scenario')
        .argument('<name>', 'TH>CN, qris, inbound'),
    ).action((subject: string, name: string, options: Steering) =>
      steer([stepOf(`${word} ${subject} ${name}`)], options),
    )
  }
  steering(
    ops
      .command('change')
      .description('make several steps as one change')
      .argument('<step...>', `each in quotes:\n${STEP_WORDS}`)
      .option(
        '--from <instant>',
        'limits and allowances count from 2026-01-31T08:00:00Z on, or 2h, 1d from now',
      ),
  ).action((steps: string[], { from, ...options }: Steering) => {
    const made = steps.map(stepOf)
    return steer(from === undefined ? made : beginning(made, from, Date.now()), options)
  })

  shared(ops.command('changes').description('list changes, newest first'))
    .option('--status <status>', 'proposed, applied, rejected, withdrawn, undone')
    .action(async ({ status, ...options }: Shared & { status?: string }) => {
      const query = status === undefined ? '' : `?status=${status}`
      const changes = await print.asked<{ data: ChangeView[] }>(options, 'GET', `/changes${query}`)
      print.out(options, changes, changes.data.map(changeText).join('\n') || 'None.')
    })
  shared(
    ops.command('look').description('see what a proposed change would touch').argument('<id>'),
  ).action(async (id: string, options: Shared) => {
    const path = `/changes/${encodeURIComponent(id)}`
    const change = await print.asked<ChangeView>(options, 'GET', path)
    const preview = await print.asked<Preview>(options, 'POST', `${path}/preview`, {})
    const text = `${changeText(change)}\n\n${previewText(preview)}`
    print.out(options, { change, preview }, text)
  })
  for (const verb of ['approve', 'reject', 'withdraw'] as const) {
    shared(ops.command(verb).description(`${verb} a proposed change`).argument('<id>')).action(
      async (id: string, options: Shared) => {
        const path = `/changes/${encodeURIComponent(id)}/${verb}`
        const change = await print.asked<ChangeView>(options, 'POST', path, {})
        print.out(options, change, changeText(change))
      },
    )
  }
  shared(ops.command('undo').description('take a change back').argument('<id>'))
    .requiredOption('--reason <words>', 'why; kept in the audit chain')
    .action(async (id: string, { reason, ...options }: Shared & { reason: string }) => {
      const path = `/changes/${encodeURIComponent(id)}/undo`
      const change = await print.asked<ChangeView>(options, 'POST', path, {
        id: randomUUID(),
        reason,
      })
      print.out(options, change, changeText(change))
    })
  addPlans(ops)
}

async function steer(steps: readonly StepView[], options: Steering): Promise<void> {
  const seconds = options.for === undefined ? null : secondsOf(options.for)
  const asked = { steps, seconds }
  const preview = await print.asked<Preview>(options, 'POST', '/changes/preview', asked)
  if (options.preview === true) return print.out(options, preview, previewText(preview))
  if (options.reason === undefined) throw new Refused('Say why, with --reason.')
  const change = await print.asked<ChangeView>(options, 'POST', '/changes', {
    ...asked,
    id: randomUUID(),
    reason: options.reason,
    basis: preview.basis,
  })
  print.out(options, change, `${previewText(preview)}\n\n${changeText(change)}`)
}

function addPlans(ops: Command): void {
  const plan = ops.command('plan').description('emergency plans')
  const pathOf = (name: string, verb = '') => `/plans/${encodeURIComponent(name)}${verb}`

  shared(plan.command('list').description('list plans')).action(async (options: Shared) => {
    const plans = await print.asked<{ data: PlanView[] }>(options, 'GET', '/plans')
    print.out(options, plans, plans.data.map(planText).join('\n') || 'None.')
  })
  shared(
    plan
      .command('save')
      .description('save a plan, or save over it')
      .argument('<name>')
      .argument('<step...>', STEP_WORDS),
  )
    .requiredOption('--title <words>', 'what it is for')
    .option('--minutes <count>', 'how long a run lasts')
    .action(
      async (
        name: string,
        steps: string[],
        options: Shared & { title: string; minutes?: string },
      ) => {
        const { data } = await print.asked<{ data: PlanView[] }>(options, 'GET', '/plans')
        const saved = await print.asked<PlanView>(options, 'PUT', pathOf(name), {
          title: options.title,
          steps: steps.map(stepOf),
          minutes: options.minutes === undefined ? null : Number(options.minutes),
          revision: data.find(each => each.name === name)?.revision ?? 0,
        })
        print.out(options, saved, planText(saved))
      },
    )
  shared(
    plan.command('rehearse').description('try a plan without running it').argument('<name>'),
  ).action(async (name: string, options: Shared) => {
    const rehearsed = await print.asked<{ plan: PlanView; preview: Preview }>(
      options,
      'POST',
      pathOf(name, '/rehearse'),
      {},
    )
    print.out(
      options,
      rehearsed,
      `${planText(rehearsed.plan)}\n\n${previewText(rehearsed.preview)}`,
    )
  })
  shared(plan.command('run').description('run a plan as one change').argument('<name>'))
    .requiredOption('--reason <words>', 'why; kept in the audit chain')
    .action(async (name: string, { reason, ...options }: Shared & { reason: string }) => {
      const change = await print.asked<ChangeView>(options, 'POST', pathOf(name, '/run'), {
        id: randomUUID(),
        reason,
      })
      print.out(options, change, changeText(change))
    })
  shared(plan.command('drop').description('drop a plan').argument('<name>')).action(
    async (name: string, options: Shared) => {
      const dropped = await print.asked<PlanView>(options, 'DELETE', pathOf(name))
      print.out(options, dropped, `${dropped.name} dropped`)
    },
  )
}

const planText = ({ name, title, steps, minutes, rehearsed, rehearsal }: PlanView): string =>
  [
    `${name}  ${title}${minutes === null ? '' : `, for ${minutes} minutes`}, ${rehearsed ? `rehearsed ${rehearsal?.at}` : 'not rehearsed'}`,
    ...steps.map(step => `  ${wordsOf(step)}`),
  ].join('\n')
