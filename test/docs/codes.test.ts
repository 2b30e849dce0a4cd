/** What docs/codes.md shows is what happens: each command and program is run, and its output compared. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const text = readFileSync(join(root, 'docs/codes.md'), 'utf8')
const run = promisify(execFile)

/** A block of a shell or a program, directly followed by a block of what it prints. */
const shown = [...text.matchAll(/```(sh|ts)\n([\s\S]*?)```\n```\n([\s\S]*?)```/g)].map(
  ([, kind = '', source = '', prints = '']) => ({ kind, source: source.trim(), prints }),
)

it('shows commands and a program', () => {
  expect(shown.map(({ kind }) => kind)).toEqual(['sh', 'sh', 'sh', 'ts'])
})

it.each(shown)('$source', async ({ kind, source, prints }) => {
  const { stdout } =
    kind === 'sh'
      ? await run('sh', ['-c', source], { cwd: root })
      : await run(process.execPath, ['--input-type=module-typescript', '--eval', source], {
          cwd: root,
        })
  expect(stdout).toBe(prints)
})
