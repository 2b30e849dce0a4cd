/** Free ports of this machine, for networks that must not meet. */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

/**
 * Below the range from which systems take ports for outgoing connections (32768 on Linux): one of those may be gone
 * again between the moment it was found free and the moment it is listened on. And above 10080, the highest of the ports
 * that `fetch` calls for nobody.
 */
const LOWEST = 10_081
const HIGHEST = 32_000
/** Attempts for each port; most are free, so more than a few already mean that something else is wrong. */
const ATTEMPTS = 50

/**
 * Finds ports nobody listens on; all are held until all are known, so no two are the same. Nobody else who asks here is
 * given one of them as long as this process lives, because it may be seconds until somebody listens there.
 */
export async function freePorts(count: number): Promise<number[]> {
  const held: Held[] = []
  try {
    for (let left = count; left > 0; left -= 1) held.push(await hold())
    return held.map(({ port }) => port)
  } finally {
    await Promise.all(held.map(({ server }) => new Promise(done => server.close(done))))
  }
}

/**
 * Stretches lie below all of those, so that nobody who looks for a single port comes in between, and where `fetch`
 * calls every port.
 */
const STRETCH_LOWEST = 6_698
const STRETCH_HIGHEST = 10_079

/** Finds so many ports in a row that nobody listens on, and gives the first. */
export async function freeStretch(length: number): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const room = STRETCH_HIGHEST - STRETCH_LOWEST - length
    const first = STRETCH_LOWEST + Math.floor(Math.random() * room)
    const servers = await Promise.all(Array.from({ length }, (_, place) => listen(first + place)))
    await Promise.all(servers.map(server => server && new Promise(done => server.close(done))))
    if (!servers.includes(null)) return first
  }
  throw new Error(`no ${length} ports in a row are free`)
}

interface Held {
  readonly port: number
  readonly server: ReturnType<typeof createServer>
}

async function hold(): Promise<Held> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    const server = await listen(port)
    if (server === null) continue
    if (await speakFor(port)) return { port, server }
    server.close()
  }
  throw new Error(`no free port found between ${LOWEST} and ${HIGHEST}`)
}

/** Null where somebody else listens there. */
function listen(port: number): Promise<Held['server'] | null> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

/** Takes the port of the same number that nobody talks to: false where another process, or this one, has it already. */
function speakFor(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createSocket('udp4')
    socket.once('error', () => resolve(false))
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref()
      resolve(true)
    })
  })
}
