/** All floors, started once and asked in turns. */
import { join } from 'node:path'
import { freePorts } from '../../src/local/ports.ts'
import { makeKeyPair, signingKey } from '../../src/trust/keys.ts'
import { signRequest } from '../../src/trust/signature.ts'
import { type Floor, startFloor } from './floor.ts'
import { schema } from './floors/plain-d1.ts'
import { wireOf } from './load.ts'
import { type Measured, measureFloor } from './measure.ts'
import { startResponder } from './responder.ts'

const names = ['hello', 'signed', 'insert', 'naive', 'grouped', 'sworn', 'plainD1'] as const
export type FloorName = (typeof names)[number]

export interface Floors {
  measure(name: FloorName, connections: number, seconds: number): Promise<Measured>
  stop(): Promise<void>
}

/** As long as a request to pay is. */
const BODY = new Uint8Array(1_500).fill(97)

export async function startFloors(folder: string): Promise<Floors> {
  const wallet = await makeKeyPair('wallet-1', 'wallet', 'ed25519')
  const acquirer = await makeKeyPair('acquirer-1', 'acquirer', 'ed25519')
  const [responderPort = 0] = await freePorts(1)
  const responder = await startResponder({ acquirer }, responderPort)
  const bindings = {
    RESPONDER: responder.url,
    KEY: JSON.stringify(await makeKeyPair('gateway-1', 'gateway', 'ed25519')),
    MEMBERS: JSON.stringify([wallet, acquirer]),
  }
  const asMember = { ...bindings, RESPONDER: `${responder.url}/acquirer` }
  const start = (name: Parameters<typeof startFloor>[0]['name'], bound = bindings) =>
    startFloor({ name, folder: join(folder, name), bindings: bound })
  const floors = {
    hello: await start('hello'),
    insert: await start('insert'),
    naive: await start('naive'),
    grouped: await start('grouped'),
    sworn: await start('sworn', asMember),
    plainD1: await start('plain-d1', asMember),
  }
  const signed = await start('signature')
  await prepareRival(floors.plainD1)
  const key = await signingKey(wallet)
  const paths = {
    hello: '/hello',
    signed: '/both',
    insert: '/insert',
    naive: '/pay',
    grouped: '/pay',
  }
  let made = 0
  const signedCalls = ({ port }: Floor, count: number) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        made += 1
        const content = { requestId: `r${made}`, minor: 1, pad: 'a'.repeat(1_450) }
        const body = new TextEncoder().encode(JSON.stringify(content))
        const headers = new Headers({ 'content-type': 'application/json' })
        const url = `http://127.0.0.1:${port}/pay`
        await signRequest({ method: 'POST', url, headers, body }, key, Date.now())
        const call = { path: '/pay', headers: Object.fromEntries(headers), body }
        return wireOf(call, port)
      }),
    )

  return {
    async measure(name, connections, seconds) {
      if (name === 'plainD1' || name === 'sworn') {
        const calls = await signedCalls(floors[name], Math.ceil(seconds * 800))
        return measureFloor(floors[name], () => calls.pop(), connections, seconds)
      }
      const floor: Floor = name === 'signed' ? signed : floors[name]
      const body = name === 'hello' || name === 'signed' ? {} : { body: BODY }
      return measureFloor(
        floor,
        wireOf({ path: paths[name], ...body }, floor.port),
        connections,
        seconds,
      )
    },
    async stop() {
      await Promise.all([...Object.values(floors), signed].map(floor => floor.stop()))
      responder.stop()
    },
  }
}

async function prepareRival(floor: Floor) {
  const database = await floor.database()
  for (const statement of schema) await database.prepare(statement).run()
  await database.prepare("INSERT INTO limits VALUES ('wallet', 0, 1000000000)").run()
}
