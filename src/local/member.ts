/** `npm run member -- acquirer-th slow 10s`: makes a member of the running box misbehave, and well again. */
import { parseArgs } from 'node:util'
import { table } from '../cli/table.ts'
import { acquirers, CONTROL_OFFSET, wallets } from '../members/cast.ts'
import { faultKinds } from '../members/faults.ts'
import { MEMBERS_ABOVE } from './box.ts'

const members = [...wallets, ...acquirers]

const usage = [
  'npm run member -- <member> [fault] [duration or code] [question] [xN]   --port N of the gateway, if not 8787',
  '',
  `Members: ${members.map(({ id }) => id).join(', ')}`,
  'Questions: order, accept, authorize, inquire, cancel, refund, notice; without one, all. xN: for the next N calls only.',
  '',
  ...table(
    ['Fault', 'Takes', 'The member'],
    [
      ...Object.entries(faultKinds).map(([name, { takes, says }]) => [name, takes ?? '', says]),
      ['well', '', 'behaves again'],
    ],
  ),
].join('\n')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string', default: '8787' }, help: { type: 'boolean', default: false } },
})
const [id, ...words] = positionals
const member = members.find(each => each.id === id)
if (values.help || member === undefined) {
  console.error(id === undefined || values.help ? usage : `There is no member ${id}.\n\n${usage}`)
  process.exit(values.help ? 0 : 2)
}

const port = Number(values.port) + MEMBERS_ABOVE + member.portOffset + CONTROL_OFFSET
const fault = words.join(' ')
const method = fault === '' ? 'GET' : fault === 'well' ? 'DELETE' : 'POST'
try {
  const response = await fetch(`http://127.0.0.1:${port}/faults`, {
    method,
    ...(method === 'POST' ? { body: fault } : {}),
  })
  const answer: unknown = await response.json()
  if (!response.ok) {
    console.error((answer as { error: string }).error)
    process.exitCode = 2
  } else {
    const list = answer as { name: string; path: string | null; left: number | null }[]
    console.log(list.length === 0 ? `${id} behaves.` : `${id} misbehaves:`)
    for (const each of list) console.log(`  ${JSON.stringify(each)}`)
  }
} catch {
  console.error(`${id} does not listen on port ${port}. Is the box running? npm start`)
  process.exitCode = 1
}
