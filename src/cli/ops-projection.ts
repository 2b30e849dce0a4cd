/** `cpg ops projection …`: how far a center's projection is, and feeding it again from the lanes. */
import type { Command } from 'commander'
import type { ProjectionReplayView } from '../wire/ops-projection.ts'
import { print, type Shared, shared } from './ops-shared.ts'

type Sum = Omit<ProjectionReplayView, 'next'>

export function addProjection(ops: Command): void {
  const projection = ops
    .command('projection')
    .description('what a center keeps of its lanes for lists and searches')
  shared(
    projection
      .command('show')
      .description('how far it is behind the journals of its lanes')
      .argument('<center>'),
  ).action(async (center: string, options: Shared) => {
    const sum = await all(center, options, 'GET', '')
    print.out(options, sum, textOf(sum))
  })
  shared(
    projection
      .command('replay')
      .description(
        'have the lanes tell again what it does not have, as after its database was lost',
      )
      .argument('<center>'),
  ).action(async (center: string, options: Shared) => {
    const sum = await all(center, options, 'POST', '/replay')
    print.out(options, sum, `${textOf(sum)}\n${sum.rewound} lanes tell again what is missing.`)
  })
}

/** Every page, added up. */
async function all(
  center: string,
  options: Shared,
  method: 'GET' | 'POST',
  what: string,
): Promise<Sum> {
  let sum: Sum = { center, lanes: 0, rewound: 0, behind: 0, unreached: [] }
  for (let after: string | null = ''; after !== null; ) {
    const query: string = after === '' ? '' : `?after=${encodeURIComponent(after)}`
    const path = `/centers/${encodeURIComponent(center)}/projection${what}${query}`
    const page: ProjectionReplayView = await print.asked(options, method, path)
    sum = {
      center,
      lanes: sum.lanes + page.lanes,
      rewound: sum.rewound + page.rewound,
      behind: sum.behind + page.behind,
      unreached: [...sum.unreached, ...page.unreached],
    }
    after = page.next
  }
  return sum
}

const textOf = ({ center, lanes, behind, unreached }: Sum): string =>
  [
    behind === 0
      ? `The projection of ${center} has all that ${lanes} lanes have.`
      : `The projection of ${center} lacks ${behind} events of ${lanes} lanes.`,
    ...(unreached.length === 0 ? [] : [`These did not answer: ${unreached.join(' ')}`]),
  ].join('\n')
