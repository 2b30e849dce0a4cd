/** The lines between processes: each as it is told to be, and no other. */
import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Switchboard, startSwitchboard } from '../../../src/local/processes/switchboard.ts'

let door: Server
let lines: Switchboard
const reached: string[] = []

beforeAll(async () => {
  door = createServer((asked, answer) => {
    reached.push(asked.url ?? '')
    asked.pipe(answer)
  })
  await new Promise<void>(done => door.listen(0, '127.0.0.1', done))
  const { port } = door.address() as AddressInfo
  lines = await startSwitchboard({
    ports: new Map([
      ['sg', port],
      ['directory', port],
    ]),
    database: (from, binding) =>
      binding === 'DIRECTORY'
        ? { process: 'directory', binding }
        : { process: from, binding: 'DB' },
  })
})
afterAll(async () => {
  await lines.stop()
  await new Promise(done => door.close(done))
})
beforeEach(() => {
  reached.length = 0
  for (const line of ['sg', 'sg:queue', 'sg:db', 'directory:db']) lines.set('fine', line)
})

const call = async (from: string, verb = 'call', signal?: AbortSignal): Promise<string> => {
  const url = `${lines.farUrl(from, 'sg')}/${verb}`
  const asked = { method: 'POST', body: 'hello', ...(signal && { signal }) }
  return fetch(url, asked).then(
    answer => answer.text(),
    () => 'lost',
  )
}
/** A call of which it is known that it has come in, and has not been given on. */
async function begun(from: string): Promise<{ readonly ended: Promise<string> }> {
  const url = `${lines.farUrl(from, 'sg')}/call`
  const asked = request(url, { method: 'POST', headers: { expect: '100-continue' } })
  const ended = new Promise<string>(done => {
    asked.once('error', () => done('lost'))
    asked.once('response', answer => {
      answer.resume()
      done('answered')
    })
  })
  await once(asked, 'continue')
  asked.end('hello')
  return { ended }
}
const query = (from: string, binding: string): Promise<string> =>
  fetch(lines.databaseUrl(from), {
    method: 'POST',
    body: 'hello',
    headers: { 'mf-binding': binding, 'mf-url': 'http://d1/query?resultsFormat=NONE' },
  }).then(
    answer => answer.text(),
    () => 'lost',
  )

describe('a line', () => {
  it('that is fine leads to the door of the process, and databases to where they are', async () => {
    expect([await call('edge-1'), await call('sg', 'send')]).toEqual(['hello', 'hello'])
    expect([await query('sg', 'DB'), await query('edge-1', 'DIRECTORY')]).toEqual([
      'hello',
      'hello',
    ])
    expect(reached).toEqual(['/call', '/send', '/d1/DB/query', '/d1/DIRECTORY/query'])
  })

  it('that is cut for one loses what that one sends, and is fine for others', async () => {
    lines.set('cut', 'sg', 'edge-1')
    expect([await call('edge-1'), await call('edge-2')]).toEqual(['lost', 'hello'])
    lines.set('fine', 'sg', 'edge-1')
    expect(await call('edge-1')).toBe('hello')
  })

  it('to a queue or a database is cut alone', async () => {
    lines.set('cut', 'sg:queue')
    lines.set('cut', 'sg:db')
    expect([await call('sg', 'send'), await query('sg', 'DB')]).toEqual(['lost', 'lost'])
    expect([await call('edge-1'), await query('sg', 'DIRECTORY')]).toEqual(['hello', 'hello'])
  })

  it('that is silent gives nothing on, and ends what waited when it is mended', async () => {
    lines.set('silent', 'sg')
    const waiting = await begun('edge-1')
    const patience = AbortSignal.timeout(200)
    expect(await call('edge-2', 'call', patience)).toBe('lost')
    expect([reached, patience.aborted]).toEqual([[], true])
    lines.set('fine', 'sg')
    expect(await waiting.ended).toBe('lost')
  })

  it('that is slow gives the same, later', async () => {
    lines.set({ slowMs: 50 }, 'sg')
    const began = performance.now()
    expect(await call('edge-1')).toBe('hello')
    // There and back; a timer may be a millisecond early.
    expect(performance.now() - began).toBeGreaterThanOrEqual(2 * (50 - 1))
  })
})
