/** What the documents promise is there: commands, files, rooms, result codes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resultCodes } from '../../src/domain/refusal.ts'
import { faultKinds } from '../../src/members/faults.ts'

const root = join(import.meta.dirname, '../..')
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => join('docs', name)),
]
const textOf = (name: string) => readFileSync(join(root, name), 'utf8')
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }

describe.each(documents)('%s', name => {
  const text = textOf(name)

  it('names only commands that there are', () => {
    const named = [...text.matchAll(/npm run (?:--silent |-s )?([a-z][a-z:-]*)/g)].map(
      ([, script]) => script!,
    )
    expect(named.filter(script => !(script in scripts))).toEqual([])
  })

  it('links only to files that there are', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path!)
    const missing = links.filter(path => !existsSync(join(root, dirname(name), path)))
    expect(missing).toEqual([])
  })
})

describe('the README', () => {
  const text = textOf('README.md')

  it('maps every room', () => {
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => `src/${entry.name}`)
    expect(rooms.filter(room => !text.includes(`\`${room}\``))).toEqual([])
  })

  it('states the figures that the guide has, of the same day', () => {
    const [, section = ''] = /## How fast\n([\s\S]*?)\n## |$/.exec(`${text}\n## `) ?? []
    const guide = textOf('docs/performance.md')
    const figures = [...section.matchAll(/\*\*([\d.]+(?: ms)?)\*\*/g)].map(([figure]) => figure)
    expect(figures.length).toBeGreaterThan(5)
    expect(figures.filter(figure => !guide.includes(figure))).toEqual([])
    const [date = ''] = /\d{4}-\d\d-\d\d/.exec(section) ?? []
    expect(guide).toContain(`\`npm run -s bench\`, ${date}`)
  })

  it('shows faults and result codes that there are', () => {
    const shown = [...text.matchAll(/member -- [a-z-]+ ([a-z-]+)/g)].map(([, fault]) => fault!)
    expect(shown.length).toBeGreaterThan(0)
    expect(shown.filter(fault => !(fault in faultKinds))).toEqual([])
    const codes = [...text.matchAll(/\b[A-Z]+_[A-Z]+\b/g)].map(([code]) => code)
    const known = (code: string) =>
      code in resultCodes || ['GATEWAY_KEYS', 'SEAL_KEYS', 'PERSON_KEYS'].includes(code)
    expect(codes.filter(code => !known(code))).toEqual([])
  })
})
