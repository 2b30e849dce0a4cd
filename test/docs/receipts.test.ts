/** What docs/operations.md shows of receipts is what happens; what it shows of the books is run on books that lived. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const text = readFileSync(join(root, 'docs/operations.md'), 'utf8')

/** A command directly followed by a block of what it prints. */
const shown = [
  ...text.matchAll(/```sh\n((?:(?!```)[\s\S])*)```\n```\n((?:(?!```)[\s\S])*)```/g),
].map(([, command = '', prints = '']) => ({ command: command.trim(), prints }))

it('shows a receipt that is genuine and one that is not', () => {
  expect(shown.map(({ prints }) => prints.split(/[:.]/)[0])).toEqual(['Genuine', 'Not genuine'])
})

it.each(shown)('$command', { timeout: 60_000 }, async ({ command, prints }) => {
  const stdout = await new Promise(done =>
    execFile('sh', ['-c', command], { cwd: root }, (_, out) => done(out)),
  )
  expect(stdout).toBe(prints)
})
