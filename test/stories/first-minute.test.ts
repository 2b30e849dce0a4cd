/** The first minute of somebody who has just cloned the repository: the commands of the README, typed for real. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freeStretch } from '../../src/local/ports.ts'

const root = join(import.meta.dirname, '../..')
let folder: string
let port: number
const elsewhere = () => `${folder}-2`

interface Ended {
  readonly code: number | null
  readonly out: string
}

/** Runs a command to its end, or until its output says `ready`, and gives what it printed. */
function command(words: readonly string[], ready?: string) {
  const child = spawn('npm', ['run', '--silent', ...words], { cwd: root, detached: true })
  let out = ''
  const printed = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      out += chunk
      if (ready !== undefined && out.includes(ready)) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('exit', code =>
      ready === undefined ? resolve() : reject(new Error(`${code}: ${out}`)),
    )
  })
  const ended = new Promise<Ended>(resolve => child.on('close', code => resolve({ code, out })))
  return { child, printed, ended, out: () => out }
}

/** Ctrl-C, as a terminal sends it: to the whole group. */
const interrupt = ({ pid }: ChildProcess) => process.kill(-pid!, 'SIGINT')

type Command = ReturnType<typeof command>
const started: Command[] = []
const isRunning = ({ child: { exitCode, signalCode } }: Command) =>
  (exitCode ?? signalCode) === null
function start() {
  const words = ['start', '--', '--port', `${port}`, '--data', folder, '--traffic', '5']
  const made = command(words, 'Traffic:')
  started.push(made)
  return made
}

const member = async (...words: string[]): Promise<Ended> =>
  command(['member', '--', ...words, '--port', `${port}`]).ended

/** The README's own lines, against this box instead of the usual one. */
async function firstCall(): Promise<Ended> {
  const block = /```ts\n([\s\S]*?)```/.exec(await readFile(join(root, 'README.md'), 'utf8'))?.[1]
  const lines = (block ?? '')
    .replace("'./src/", `'${root}/src/`)
    .replace("'.data/", `'${folder}/`)
    .replace(':8787', `:${port}`)
  const file = join(folder, 'first-call.ts')
  await writeFile(file, lines)
  const child = spawn(process.execPath, [file])
  let out = ''
  child.stdout.on('data', chunk => (out += chunk))
  child.stderr.on('data', chunk => (out += chunk))
  return new Promise(resolve => child.on('close', code => resolve({ code, out })))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opencpg-first-'))
  // Members listen up to 220 above it.
  port = await freeStretch(221)
})
afterAll(async () => {
  // What a failure has left running would keep its ports and write into its folder.
  for (const { child, ended } of started.filter(isRunning)) {
    interrupt(child)
    await ended
  }
  for (const each of [folder, elsewhere()]) await rm(each, { recursive: true, force: true })
}, 60_000)

it('npm start tells where everything is, lets members misbehave, stops, and goes on from its data', async () => {
  const first = start()
  await first.printed
  expect(first.out()).toContain(`http://127.0.0.1:${port}`)
  const keys = await fetch(`http://127.0.0.1:${port}/.well-known/jwks.json`).then(r => r.text())

  expect(await member('acquirer-th', 'slow', '10s')).toMatchObject({ code: 0 })
  expect((await member('acquirer-th')).out).toContain('slow')
  expect((await member('acquirer-th', 'well')).out).toContain('behaves')
  expect(await member('acquirer-th', 'sleepy')).toMatchObject({ code: 2 })
  expect((await member('nobody')).out).toContain('There is no member nobody')

  const called = await firstCall()
  expect(called).toMatchObject({ code: 0 })
  expect(called.out).toContain('SANLITUN TEA HOUSE')
  expect(called.out).toContain('S SUCCESS ey')

  const second = await command(['start', '--', '--port', `${port}`, '--data', elsewhere()]).ended
  expect(second).toMatchObject({ code: 1 })
  expect(second.out).toContain('is taken. Try: npm start -- --port')

  interrupt(first.child)
  expect((await first.ended).out).toContain('everything is kept')

  const again = start()
  await again.printed
  expect(await fetch(`http://127.0.0.1:${port}/.well-known/jwks.json`).then(r => r.text())).toBe(
    keys,
  )
  interrupt(again.child)
  await again.ended
}, 180_000)

it('wrong options are answered with the right ones', async () => {
  const ended = await command(['start', '--', '--port', 'many']).ended
  expect(ended.code).toBe(2)
  expect(ended.out).toContain('--traffic N')
})
