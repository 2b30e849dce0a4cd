/** Free ports of this machine, for networks that must not meet. */
import { createServer } from 'node:net'

/**
 * Below the range from which systems take ports for outgoing connections (32768 on Linux): one of those may be gone
 * again between the moment it was found free and the moment it is listened on.
 */
const LOWEST = 10_000
const HIGHEST = 32_000
/** Attempts for each port; most are free, so more than a few already mean that something else is wrong. */
const ATTEMPTS = 50

/** Finds ports nobody listens on; all are held until all are known, so no two are the same. */
export async function freePorts(count: number): Promise<number[]> {
  const held: Held[] = []
  try {
    for (let left = count; left > 0; left -= 1) held.push(await hold())
    return held.map(({ port }) => port)
  } finally {
    await Promise.all(held.map(({ server }) => new Promise(done => server.close(done))))
  }
}

interface Held {
  readonly port: number
  readonly server: ReturnType<typeof createServer>
}

async function hold(): Promise<Held> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    const server = await listen(port)
    if (server !== null) return { port, server }
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
