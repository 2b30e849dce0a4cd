/** `npm run drill -- <name>`: plays what a gateway must survive, with real processes, and counts what came of it. */
import { styleText } from 'node:util'
import { table } from '../../src/cli/table.ts'
import { readLine } from '../command.ts'
import { type Account, accountOf, breachesOf, isClean } from './account.ts'
import { type Drill, drills } from './drills.ts'
import { usesOf } from './limits.ts'
import { play } from './stage.ts'

const usage = `
${table(['Drill', 'What happens'], [...drills.map(({ name, says }) => [name, says]), ['all', 'Each of them, one after another.']]).join('\n')}

--json   one object for each drill; the story goes to the error output
--keep   leave the folder with all data and logs
--from R the release that rolling-release begins with, a tag or commit`

const COMMAND = 'npm run drill -- <name>'
const { values, positionals } = readLine(
  COMMAND,
  {
    options: {
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      from: { type: 'string' },
    },
    allowPositionals: true,
  },
  usage,
)
const [name] = positionals
const chosen = name === 'all' ? drills : drills.filter(each => each.name === name)
if (chosen.length === 0) {
  console.log(`${COMMAND} [--json] [--keep] [--from R]\n${usage}`)
  process.exit(name === undefined ? 0 : 2)
}
const tell = (line: string) => (values.json ? console.error(line) : console.log(line))

async function run(drill: Drill): Promise<Account> {
  tell(styleText('bold', `${drill.name}: ${drill.says}`))
  let seconds = 0
  const { evidence } = await play(
    { ...drill, tell, keep: values.keep, from: values.from },
    async stage => {
      seconds = await drill.play(stage)
    },
  )
  const account = accountOf(drill.name, evidence, seconds)
  for (const { limit, value, taken } of usesOf(evidence))
    tell(`          ${limit}: ${taken} of ${value}`)
  for (const breach of breachesOf(evidence)) tell(styleText('red', `  ${breach}`))
  if (values.json) console.log(JSON.stringify(account))
  else tell(table(Object.keys(account), [Object.values(account).map(String)]).join('\n'))
  return account
}

/** One that could not be played to its end holds up no other. */
const isPassed = (drill: Drill): Promise<boolean> =>
  run(drill).then(isClean, error => {
    if (values.json) console.log(JSON.stringify({ drill: drill.name, failed: String(error) }))
    else console.error(error)
    return false
  })

let passed = true
for (const drill of chosen) passed = (await isPassed(drill)) && passed
process.exit(passed ? 0 : 1)
