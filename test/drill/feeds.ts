/** Members that read their events all the time, each going on from where its last page ended. */
import type { Box } from '../../src/local/box.ts'
import type { Client } from '../../src/sdk/index.ts'

const PAGE = 200
const PACE_MS = 2_000

export interface Feeds {
  /** Ids of the events that each member read, in its order. */
  readonly read: ReadonlyMap<string, readonly string[]>
  /** Reads once more, to the end of every feed. */
  catchUp(): Promise<void>
  stop(): void
}

export function readFeeds({ wallets, acquirers }: Box): Feeds {
  const clients = new Map<string, Client>([
    ...[...wallets].map(([id, { wallet }]) => [id, wallet.client] as const),
    ...[...acquirers].map(([id, { client }]) => [id, client] as const),
  ])
  const read = new Map<string, string[]>([...clients.keys()].map(id => [id, []]))
  const cursors = new Map<string, string>()

  const follow = async (id: string, client: Client) => {
    for (;;) {
      const after = cursors.get(id)
      // A center that is away is named in `missing`, and its place in the cursor stays where it was.
      const page = await client.events({ limit: PAGE, ...(after === undefined ? {} : { after }) })
      if (page.data.length === 0) return
      read.get(id)?.push(...page.data.map(each => each.id))
      cursors.set(id, page.nextCursor)
    }
  }
  const catchUp = async () => {
    await Promise.all([...clients].map(([id, client]) => follow(id, client).catch(() => null)))
  }
  let under = Promise.resolve()
  const once = () => {
    under = under.then(catchUp)
    return under
  }
  const timer = setInterval(once, PACE_MS)
  return { read, catchUp: once, stop: () => clearInterval(timer) }
}
