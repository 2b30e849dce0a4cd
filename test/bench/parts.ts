/** Which part of a payment's work a sample belongs to, by the functions that were under way. */

export interface Frame {
  /** As it is in the repository or below `node_modules`; undefined for what is native. */
  readonly file: string | undefined
  /** In brackets for what is of V8 or workerd itself. */
  readonly name: string
}

const VERIFY = 'signatures: to verify them'
const SIGN = 'signatures: to make them'
const EITHER = 'signatures: digests and keys, for either'

/** In these files it depends on who called. */
const DEED = 'signatures'
/** Of two that are under way the inner one counts: an answer is signed by who has verified the request. */
const verifies =
  /^(?:verify|verifies|verifyRequest|verifyAnswer|verifySignature|check|resolveVerifier|digestMatches|fromHeaders)$/
const makes =
  /^(?:sign|signs|signRequest|signAnswer|signReceipt|attach|createSignature|addWebhook|CompactSign|FlattenedSign)$/

/** The first row whose pattern the file matches has it. */
// biome-ignore format: a table is read by column
const files: readonly (readonly [part: string, file: RegExp])[] = [
  [VERIFY,                                      /^src\/middleware\/verifies/],
  [SIGN,                                        /^src\/middleware\/signs|^src\/trust\/receipt/],
  ['seals of quotes',                           /^src\/trust\/seal/],
  [DEED,                                        /^src\/trust|http-message-sig|jose|structured-(?:headers|field)|@noble/],
  ['logs',                                      /^src\/log\.ts|log-line/],
  ['projection, feed, monitor, anchors',        /^src\/(?:db|queues)\/|^src\/.*anchor|drizzle|node_modules\/src\/|^src\/domain\/(?:window|alert|baseline)|^durable-objects\/(?:monitor|tally|guard|herald|alert|live|seconds|tempo)/],
  ['centers that watch each other',             /sentinel|vigil/],
  ['limits and persons',                        /^durable-objects\/(?:institution|lend|draws|gathering|purse|person|year|allowances|recalling|reclaiming|books|loans|pacing|tokens|uses)/],
  ['hop: calls to objects, as they are made',   /^src\/(?:reach|world|patience)\.ts|^src\/flows\/lanes/],
  ['commit: what objects write and read',       /^durable-objects\/sql\.ts/],
  ['lane: decide, journal, timers, outbox',     /^durable-objects\/|^src\/domain\/payment|^src\/domain\/pack/],
  ['responder: calls to members',               /^src\/peers\//],
  ['parse: schemas and shapes of requests',     /node_modules\/zod|^src\/wire\/|@hono\/zod|zod-to-openapi/],
  ['HTTP, routing, problems',                   /node_modules\/hono|^src\/(?:middleware|routes|app|edge|center)/],
  ['flows and the rest of the domain',          /^src\//],
]

/** What workerd does where no JavaScript runs cannot be told apart further, but by whose thread it was seen in. */
// biome-ignore format: a table is read by column
const native: Readonly<Record<string, string>> = {
  edge:   'workerd at the edge: network, calls to objects',
  center: 'workerd in centers: calls of objects, commits, queues',
}

/**
 * @param stack the innermost frame first
 * @param worker `edge` or `center`
 */
export function partOf(stack: readonly Frame[], worker: string): string {
  const own = stack.find(({ file, name }) => file !== undefined || name.startsWith('('))
  if (own?.file === undefined) {
    if (own?.name.startsWith('(garbage')) return 'memory: the garbage collector'
    return native[worker] ?? `other: ${own?.name}`
  }
  const { file } = own
  const [part] = files.find(([, pattern]) => pattern.test(file)) ?? [`other: ${file}`]
  return part === DEED ? deedOf(stack) : part
}

function deedOf(stack: readonly Frame[]): string {
  for (const { name } of stack) {
    // The bundler numbers functions of the same name.
    const plain = name.replace(/\d+$/, '')
    if (verifies.test(plain)) return VERIFY
    if (makes.test(plain)) return SIGN
  }
  return EITHER
}

/** Whole percents that add up to a hundred: what rounding takes goes to those that it took most from. */
export function sharesOf(amounts: readonly number[]): readonly number[] {
  const sum = amounts.reduce((all, amount) => all + amount, 0)
  if (sum === 0) return amounts.map(() => 0)
  const exact = amounts.map(amount => (amount / sum) * 100)
  const shares = exact.map(Math.floor)
  const left = 100 - shares.reduce((all, share) => all + share, 0)
  const order = exact.map((share, at) => ({ at, lost: share - Math.floor(share) }))
  order.sort((one, other) => other.lost - one.lost)
  for (const { at } of order.slice(0, left)) shares[at] = (shares[at] ?? 0) + 1
  return shares
}
