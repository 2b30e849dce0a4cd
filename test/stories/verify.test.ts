/** `cpg verify` on the stored books of a network that really ran, spoiled in every way that the table has. */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { table } from '../../src/cli/table.ts'
import { faultKinds } from '../../src/cli/verify/findings.ts'
import { verify } from '../../src/cli/verify.ts'
import { type Lived, live } from './lived.ts'
import { type Books, tamperings } from './tamperings.ts'

let lived: Lived
let books: Books
let kept: string
const root = join(import.meta.dirname, '../..')
const work = mkdtempSync(join(tmpdir(), 'opencpg-spoiled-'))
const found: string[][] = []

beforeAll(async () => {
  lived = await live()
  books = booksIn(lived.folder)
  const database = new DatabaseSync(books.witness, { readOnly: true })
  const data = database
    .prepare('SELECT center, number, hash FROM anchors WHERE center = ?')
    .all(lived.center)
  database.close()
  kept = join(work, 'anchors.json')
  writeFileSync(kept, JSON.stringify({ data }))
}, 120_000)

afterAll(async () => {
  rmSync(work, { recursive: true, force: true })
  await lived?.remove()
  console.log(table(['What was tampered with', 'Found as', 'All findings'], found).join('\n'))
})

/** Which file is which, by what is in it. */
function booksIn(folder: string): Books {
  const databases = 'gateway/d1/miniflare-D1DatabaseObject'
  const lanes = `gateway/do/opencpg-${lived.center}-Lane`
  const find = (below: string, holds: (database: DatabaseSync) => unknown) => {
    const names = readdirSync(join(folder, below)).filter(name =>
      /^[0-9a-f]{64}\.sqlite$/.test(name),
    )
    const files = names
      .map(name => join(folder, below, name))
      .filter(file => {
        const database = new DatabaseSync(file, { readOnly: true })
        try {
          return holds(database)
        } catch {
          return false
        } finally {
          database.close()
        }
      })
    expect(files).toHaveLength(1)
    return files[0]!
  }
  const has = (sql: string) => (database: DatabaseSync) => database.prepare(sql).get() !== undefined
  const ofLane = `SELECT 1 FROM lane_progress WHERE lane = '${lived.lane}'`
  const own = find(databases, has(ofLane))
  const isOther = (database: DatabaseSync) => !has(ofLane)(database)
  return {
    ...lived,
    folder,
    own,
    laneFile: find(lanes, has(`SELECT 1 FROM payment WHERE id = '${lived.committed}'`)),
    witness: find(
      databases,
      database =>
        isOther(database) &&
        has(`SELECT 1 FROM anchors WHERE center = '${lived.center}'`)(database),
    ),
    directory: find(databases, has('SELECT 1 FROM institution_keys')),
  }
}

/** A copy that may be spoiled; given back when the next one is made. */
function copy(): Books {
  const folder = join(work, 'copy')
  rmSync(folder, { recursive: true, force: true })
  cpSync(lived.folder, folder, { recursive: true, filter: from => !from.includes('/members') })
  const at = (file: string) => join(folder, file.slice(lived.folder.length))
  const { laneFile, own, witness, directory } = books
  return {
    ...books,
    folder,
    laneFile: at(laneFile),
    own: at(own),
    witness: at(witness),
    directory: at(directory),
  }
}

function cpg(...args: string[]): Promise<{ code: number | null; out: string; error: string }> {
  const child = spawn(process.execPath, [join(root, 'src/cli/cpg.ts'), ...args])
  const heard = { out: '', error: '' }
  child.stdout.on('data', piece => (heard.out += piece))
  child.stderr.on('data', piece => (heard.error += piece))
  return new Promise(done =>
    child.on('close', code => done({ code, ...heard, out: stripVTControlCharacters(heard.out) })),
  )
}

describe('books that nobody has touched', () => {
  it('hold, every signature in them included, and the command says so', async () => {
    const { code, out, error } = await cpg('verify', lived.folder, '--anchors', kept)
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).toMatch(/^All of it holds: \d+ lanes, \d+ events, \d+ payments, \d+ signatures\.$/m)
    expect(out).toMatch(new RegExp(`^sg +${lived.lane} .*✓$`, 'm'))
    const { centers } = JSON.parse((await cpg('verify', lived.folder, '--json')).out)
    const lane = centers
      .flatMap(({ lanes }: { lanes: { lane: string }[] }) => lanes)
      .find((each: { lane: string }) => each.lane === lived.lane)
    // Six holds, five acceptances, a refusal, a cancel, a refund and its end, all of them verified; and a tail that
    // is not anchored.
    expect(lane.verified).toBe(15)
    expect(lane.verified).toBe(lane.statements)
    expect(lane.projected).toBe(lane.events)
    expect(lane.anchored).toBeGreaterThan(12)
    expect(lane.anchored).toBeLessThan(lane.events - 2)
  })

  it('hold by every command that docs/operations.md shows', async () => {
    const text = readFileSync(join(root, 'docs/operations.md'), 'utf8')
    const commands = [...text.matchAll(/^npm run --silent cpg -- ((?:verify|journal) .*)$/gm)]
    expect(commands).toHaveLength(4)
    const places = new Map([
      ['.data', lived.folder],
      ['102:1:0', lived.lane],
      ['kept-anchors.json', kept],
      ['journal.jsonl', join(work, 'shown.jsonl')],
    ])
    for (const [, command = ''] of commands) {
      const { code, error } = await cpg(...command.split(' ').map(word => places.get(word) ?? word))
      expect({ command, code, error }).toEqual({ command, code: 0, error: '' })
    }
  })

  it('can be handed to an auditor lane by lane, and hold there too', async () => {
    const file = join(work, 'journal.jsonl')
    expect(await cpg('journal', lived.folder, lived.lane, '--out', file)).toMatchObject({ code: 0 })
    const { code, out } = await cpg('verify', file)
    expect(code).toBe(0)
    expect(out).toMatch(/^All of it holds: 1 lanes, /m)
    const nowhere = await cpg('journal', lived.folder, '1:1:1')
    expect(nowhere).toMatchObject({ code: 1, out: '' })
    expect(nowhere.error).toContain(lived.lane)
  })
})

describe('verification', () => {
  it.each(tamperings)('finds $what', async ({ what, tamper, fault, kept: isKept }) => {
    const spoiled = copy()
    tamper(spoiled)
    const { ok, findings } = await verify(
      spoiled.folder,
      isKept ? kept : undefined,
      () => undefined,
    )
    const faults = [...new Set(findings.map(each => each.fault))]
    found.push([what, fault, faults.filter(each => each !== fault).join(' ')])
    expect(ok).toBe(false)
    expect(faults).toContain(fault)
    expect(findings.every(({ says, next }) => says.length > 20 && next.length > 20)).toBe(true)
  })

  it('has a tampering for every kind of finding, and many more than twenty', () => {
    expect(new Set(tamperings.map(({ fault }) => fault))).toEqual(new Set(faultKinds))
    expect(tamperings.length).toBeGreaterThan(50)
  })

  it('ends with 1, and says what was found, where, and what to do', async () => {
    const spoiled = copy()
    tamperings[0]!.tamper(spoiled)
    const { code, out } = await cpg('verify', spoiled.folder)
    expect(code).toBe(1)
    expect(out).toMatch(/^✗ hash: The bytes of a row are not those that were chained/m)
    expect(out).toMatch(new RegExp(`^ +sg +${lived.lane} +row \\d+$`, 'm'))
    expect(out).toMatch(/^ {2}Stop this center/m)
    expect(out).toMatch(/^It does not hold: \d+ findings in /m)
  })

  it('finds in a journal that was handed over what was done to it there', async () => {
    const spoiled = copy()
    const file = join(work, 'spoiled.jsonl')
    tamperings.find(({ what }) => what.includes('the whole chain made to fit'))!.tamper(spoiled)
    await cpg('journal', spoiled.folder, lived.lane, '--out', file)
    const { code, out } = await cpg('verify', file, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out).findings.map(({ fault }: { fault: string }) => fault)).toContain(
      'anchor',
    )
  })

  it.each([
    ['nothing', 'nowhere', 'is not there'],
    ['a folder of other things', 'docs', 'there are no lanes in it'],
    ['a file of other things', 'package.json', 'is no exported journal'],
  ])('of %s is refused with a sentence', async (_, path, says) => {
    const { code, out, error } = await cpg('verify', path)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(error).toContain(says)
  })
})
