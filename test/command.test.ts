/** Commands that are run by hand, as somebody runs them who does not know them. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const run = (...line: readonly string[]) => {
  const [entry = '', ...rest] = line
  const path = join(import.meta.dirname, entry)
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...rest], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

// biome-ignore format: a table is read by column
it.each([
  ['drill/drill.ts',         'npm run drill -- <name> [--json] [--keep] [--from F]'],
  ['simulation/simulate.ts', 'npm run simulate -- [--seeds S] [--payments P]'],
  ['simulation/mutants.ts',  'npm run simulate:mutants -- [NAME] [--json]'],
  ['fuzz/codes.ts',          'npm run fuzz:codes -- [--count C] [--seed S]'],
])('%s answers a wrong option with the right ones, and says them when asked', (entry, usage) => {
  const wrong = run(entry, '--jsom')
  expect(wrong).toMatchObject({ status: 2, stdout: '' })
  expect(wrong.stderr).toContain("Unknown option '--jsom'")
  expect(wrong.stderr).toContain(usage)
  expect(wrong.stderr).not.toContain('node:internal')
  const asked = run(entry, '--help')
  expect(asked).toMatchObject({ status: 0 })
  expect(asked.stdout).toContain(usage)
})

it('the bench lists its parts, and each part its options', () => {
  expect(run('bench/bench.ts', '--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('scale'),
  })
  expect(run('bench/bench.ts', 'nothing')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('scale'),
  })
  const part = run('bench/bench.ts', 'switches', '--help')
  expect(part).toMatchObject({
    status: 0,
    stdout: 'npm run bench -- switches [--samples S] [--of O]\n',
  })
})
