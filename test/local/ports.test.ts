import { createServer } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { freePorts } from '../../src/local/ports.ts'

afterEach(() => void vi.restoreAllMocks())

it('gives no port twice, though nobody listens there yet', async () => {
  const drawn = vi.spyOn(Math, 'random')
  const [first] = await freePorts(1)
  // The same chance once more, as another process may have it.
  const [{ value } = { value: 0 }] = drawn.mock.results.slice(-1)
  drawn.mockClear().mockReturnValueOnce(value)
  const [second] = await freePorts(1)
  expect(drawn.mock.calls.length).toBeGreaterThan(1)
  expect(second).not.toBe(first)
})

it('gives ports that can be listened on', async () => {
  const ports = await freePorts(3)
  expect(new Set(ports).size).toBe(3)
  for (const port of ports) {
    const server = createServer()
    await new Promise<void>((done, fail) => {
      server.once('error', fail)
      server.listen(port, '127.0.0.1', done)
    })
    await new Promise(done => server.close(done))
  }
})
