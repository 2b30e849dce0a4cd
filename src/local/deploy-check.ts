/** `npm run deploy:check`: builds edge and centers exactly as a deployment would, and deploys nothing. */
import { spawnSync } from 'node:child_process'
import { styleText } from 'node:util'
import { centers } from './gateway.ts'

const targets = [['edge', '--env='], ...centers.map(id => [id, `--env=${id}`])] as const

for (const [name, environment] of targets) {
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['wrangler', 'deploy', '--dry-run', environment, '--outdir', `dist/${name}`],
    { encoding: 'utf8', env: { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' } },
  )
  const size = /Total Upload: (.*)/.exec(stdout)?.[1] ?? ''
  console.log(
    `${status === 0 ? styleText('green', '✓') : styleText('red', '✗')} ${name.padEnd(4)} ${size}`,
  )
  if (status !== 0) {
    console.error(stdout + stderr)
    process.exitCode = 1
  }
}
