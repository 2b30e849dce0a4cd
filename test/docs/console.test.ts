/** The console's guide and its pictures: none is missing, and none is kept that nobody sees. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const docs = join(import.meta.dirname, '../../docs')

it('shows every picture that is kept, and keeps every picture that it shows', async () => {
  const guide = await readFile(join(docs, 'console.md'), 'utf8')
  const shown = [...guide.matchAll(/!\[[^\]]+\]\(screenshots\/([^)]+)\)/g)].map(([, file]) => file)
  const kept = await readdir(join(docs, 'screenshots'))
  expect(kept.length).toBeGreaterThan(10)
  expect(shown.toSorted()).toEqual(kept.toSorted())
})
