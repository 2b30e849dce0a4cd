/**
 * `npm run bench -- guide <figures.json>` writes the tables of `docs/performance.md` anew from what
 * `npm run -s bench -- --json` printed, so that nobody copies figures by hand.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { filled, type Report } from './guide-tables.ts'

const [, , from] = process.argv
if (from === undefined) {
  console.error('npm run -s bench -- --json > figures.json && npm run bench -- guide figures.json')
  process.exit(2)
}
const report = JSON.parse(readFileSync(from, 'utf8')) as Report
if (report.rows === undefined) {
  console.error(`${from} is of a quick run: the guide needs a whole one`)
  process.exit(2)
}
const guide = join(import.meta.dirname, '../../docs/performance.md')
writeFileSync(guide, filled(readFileSync(guide, 'utf8'), report))
console.log(
  'docs/performance.md: tables written. What its sentences say of them is for you to read.',
)
