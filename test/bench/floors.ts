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

export const floorNames = [
  'hello',
  'signed',
  'insert',
  'naive',
  'grouped',
  'sworn',
  'plainD1',
] as const
export type FloorName = (typeof floorNames)[number]

export interface Floors {
  measure(name: FloorName, connections: number, seconds: number): Promise<Measured>
  stop(): Promise<void>
}

/** The Worker of each, and where it is asked. */
// biome-ignore format: a table is read by column
const kinds = {
  hello:   { worker: 'hello',     path: '/hello' },
  signed:  { worker: 'signature', path: '/both' },
  insert:  { worker: 'insert',    path: '/insert' },
  naive:   { worker: 'naive',     path: '/pay' },
  grouped: { worker: 'grouped',   path: '/pay' },
  sworn:   { worker: 'sworn',     path: '/pay' },
  plainD1: { worker: 'plain-d1',  path: '/pay' },
} as const

/** Asked with signatures, and asks a member that signs. */
const isSigned = (name: FloorName): boolean => name === 'plainD1' || name === 'sworn'

/** As long as a request to pay is. */
const BODY = new Uint8Array(1_500).fill(97)

/** @param only these; all by default */
export async function startFloors(
  folder: string,
  only: readonly FloorName[] = floorNames,
): Promise<Floors> {
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
  const floors = new Map<FloorName, Floor>()
  for (const name of only)
    floors.set(name, await start(kinds[name].worker, isSigned(name) ? asMember : bindings))
  const rival = floors.get('plainD1')
  if (rival !== undefined) await prepareRival(rival)
  const key = await signingKey(wallet)
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
      const floor = floors.get(name)
      if (floor === undefined) throw new Error(`the floor ${name} was not started`)
      if (isSigned(name)) {
        const calls = await signedCalls(floor, Math.ceil(seconds * 800))
        return measureFloor(floor, () => calls.pop(), connections, seconds)
      }
      const body = name === 'hello' || name === 'signed' ? {} : { body: BODY }
      const wire = wireOf({ path: kinds[name].path, ...body }, floor.port)
      return measureFloor(floor, wire, connections, seconds)
    },
    async stop() {
      await Promise.all([...floors.values()].map(floor => floor.stop()))
      responder.stop()
    },
  }
}

async function prepareRival(floor: Floor) {
  const database = await floor.database()
  for (const statement of schema) await database.prepare(statement).run()
  await database.prepare("INSERT INTO limits VALUES ('wallet', 0, 1000000000)").run()
}
