/** The rules of the house, executed: which room may use which, and what the pure rooms must never touch. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/**
 * What each room may import from other rooms. `types` may be imported as types only. Files right under `src`
 * are entries and wiring: they may use every room, and no room may use them but those that are listed.
 */
// biome-ignore format: a table is read by column
const rooms: Record<string, { uses: string[]; types?: string[] }> = {
  domain:            { uses: [] },
  codes:             { uses: ['domain'] },
  wire:              { uses: ['domain', 'codes'], types: ['flows'] },
  trust:             { uses: ['domain'] },
  db:                { uses: ['domain', 'codes', 'src/patience'] },
  peers:             { uses: ['domain', 'wire', 'trust'] },
  flows:             { uses: ['domain', 'codes', 'peers', 'trust', 'src/patience'] },
  queues:            { uses: ['domain', 'db', 'flows', 'peers'] },
  middleware:        { uses: ['domain', 'wire', 'trust', 'peers', 'src/env', 'src/log', 'src/snapshot', 'src/signals', 'src/access', 'src/desk'] },
  routes:            { uses: ['domain', 'codes', 'wire', 'trust', 'draw', 'db', 'flows', 'peers', 'middleware', 'src/world', 'src/log', 'src/desk'] },
  'durable-objects': { uses: ['domain', 'wire', 'db', 'peers', 'src/env', 'src/log', 'src/bucket', 'src/snapshot', 'src/sentinels', 'src/patience'] },
  sdk:               { uses: ['trust', 'domain'], types: ['wire'] },
  members:           { uses: ['sdk', 'trust'], types: ['domain', 'wire'] },
  cli:               { uses: ['sdk', 'domain', 'codes', 'trust', 'draw', 'db', 'durable-objects'], types: ['wire'] },
  local:             { uses: ['domain', 'db', 'members', 'sdk', 'trust', 'cli'], types: ['wire'] },
  console:           { uses: ['domain'], types: ['wire'] },
  draw:              { uses: [] },
  front:             { uses: [] },
  lab:               { uses: ['codes', 'draw', 'front'], types: ['wire'] },
  reference:         { uses: ['front'] },
}

/** Nobody imports the entries: they are where everything comes together. */
const entries = ['src/edge', 'src/center', 'src/app']

interface Import {
  readonly file: string
  readonly room: string
  readonly target: string
  readonly typeOnly: boolean
}

const importing = /^(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm

function files(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .map(name => join(folder, name))
}

const roomOf = (path: string): string => {
  if (path.startsWith('durable-objects/')) return 'durable-objects'
  const [, room = '', file] = path.split('/')
  return file === undefined ? `src/${room.replace(/\.tsx?$/, '')}` : room
}

const sources = [...files('src'), ...files('durable-objects')]

const imports: Import[] = sources.flatMap(file => {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(importing)].map(([statement, type, from, bare]) => {
    const name = from ?? bare ?? ''
    const target = name.startsWith('.')
      ? roomOf(relative(root, join(root, dirname(file), name)))
      : `package:${name}`
    // A statement whose every name is a type is a type import too.
    const names = /\{([^}]*)\}/
      .exec(statement)?.[1]
      ?.split(',')
      .map(each => each.trim())
      .filter(Boolean)
    const typeOnly = type !== undefined || (names?.every(each => each.startsWith('type ')) ?? false)
    return { file, room: roomOf(file), target, typeOnly }
  })
})

describe('rooms are layers', () => {
  it('reads enough imports for the rules to mean anything', () => {
    expect(imports.length).toBeGreaterThan(200)
    expect(new Set(imports.map(each => each.room)).size).toBeGreaterThan(10)
  })

  it('each room uses only what lies further in', () => {
    const broken = imports
      .filter(({ room, target }) => rooms[room] !== undefined && target !== room)
      .filter(({ target }) => !target.startsWith('package:'))
      .filter(({ room, target, typeOnly }) => {
        const { uses, types = [] } = rooms[room]!
        return !uses.includes(target) && !(typeOnly && types.includes(target))
      })
      .map(({ file, target, typeOnly }) => `${file} uses ${target}${typeOnly ? ' (types)' : ''}`)
    expect(broken).toEqual([])
  })

  it('every room is in the table', () => {
    const known = new Set(Object.keys(rooms))
    const rest = [...new Set(imports.map(({ room }) => room))].filter(
      room => !known.has(room) && !room.startsWith('src/'),
    )
    expect(rest).toEqual([])
  })

  it('nobody imports the entries', () => {
    const broken = imports.filter(({ target, file }) => {
      const own = file === 'src/edge.ts' && target === 'src/app'
      return entries.includes(target) && !own
    })
    expect(broken).toEqual([])
  })
})

describe('the pure rooms', () => {
  const pure = sources.filter(file => /^src\/(domain|codes)\//.test(file))
  const runtime =
    /\b(?:async|await|Promise|fetch|crypto|setTimeout|setInterval|performance|process|console|scheduler)\b|Date\.now|new Date\(\)|Math\.random/

  it('import no package and no runtime', () => {
    const broken = imports.filter(
      ({ file, target }) => pure.includes(file) && target.startsWith('package:'),
    )
    expect(broken).toEqual([])
  })

  it('know no clock, no randomness, no waiting and no world', () => {
    const broken = pure.flatMap(file => {
      const code = readFileSync(join(root, file), 'utf8')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/\/\/.*$/gm, '')
        .replace(/'(?:[^'\\\n]|\\.)*'|`[^`]*`/g, "''")
      const found = runtime.exec(code)
      return found === null ? [] : [`${file}: ${found[0]}`]
    })
    expect(broken).toEqual([])
  })
})
