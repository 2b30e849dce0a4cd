/** The staff's calls from the command line, when the gateway is cut off in the middle of its answer. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import { call, Refused, signIn } from '../../src/cli/ops-call.ts'

const server = createServer((request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
  response.write('{"data":[', () => response.destroy())
})
await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
afterAll(() => server.close())
const gateway = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

it('takes an answer that breaks off for none, however well it began', async () => {
  const heard = call({ gateway, token: 't' }, 'GET', '/plans')
  await expect(heard).rejects.toThrow('did not answer')
  await expect(heard).rejects.toBeInstanceOf(Refused)
  await expect(signIn(gateway, 'mei')).rejects.toBeInstanceOf(Refused)
})
